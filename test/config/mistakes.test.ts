import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../src/config/load.ts';
import { type Env, failure, loadAt, makeFolder, sink, tabnine, TOKEN } from './support.ts';

let cwd: string;
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => rmSync(cwd, { recursive: true }));
const load = (env: Env = {}, yaml?: string): Config => loadAt(cwd, env, yaml);

test.each([
  ['AUDITLAKE_LOOKBACK', '24'],
  ['AUDITLAKE_LOOKBACK', '24 h'],
  ['AUDITLAKE_LOOKBACK', '-1h'],
  ['AUDITLAKE_LOOKBACK', '1.5h'],
  ['AUDITLAKE_LOOKBACK', '99999d'],
  ['AUDITLAKE_SETTLE', 'soon'],
  ['AUDITLAKE_TIMEOUT', '0s'],
  ['AUDITLAKE_TIMEOUT', '2h'],
  ['AUDITLAKE_CONCURRENCY', '0'],
  ['AUDITLAKE_CONCURRENCY', '33'],
  ['AUDITLAKE_CONCURRENCY', '1e1'],
  ['AUDITLAKE_LOG_LEVEL', 'loud'],
  ['AUDITLAKE_START', '2025-02-30'],
  ['AUDITLAKE_START', '2025-1-1'],
  ['AUDITLAKE_START', '2025-01-01T00:00:00+01:00'],
  ['AUDITLAKE_START', '2025-01-01T25:00:00Z'],
  ['AUDITLAKE_CONFIG', 'gone.yaml'],
  ['NODE_EXTRA_CA_CERTS', 'gone.pem'],
  ['TABNINE_TOKEN_FILE', 'gone'],
  ['TABNINE_TOKEN', 'two words'],
  ['TABNINE_TOKEN', 'two\nlines'],
  ['TABNINE_TOKEN', 'schlüssel'],
  ['TABNINE_BASE_URL', 'console.tabnine.com'],
  ['TABNINE_BASE_URL', 'ftp://a.test'],
  ['TABNINE_BASE_URL', 'https://user:hunter2@a.test'],
  ['TABNINE_BASE_URL', 'http://a.test'],
  ['TABNINE_BASE_URL', 'http://localhost.a.test'],
  ['TABNINE_BASE_URL', 'https://a.test/?x=1'],
])('%s=%j is a usage error that names the setting', (name, value) => {
  const token = name === 'TABNINE_TOKEN_FILE' ? {} : { TABNINE_TOKEN: TOKEN };
  const error = failure(() => load({ ...token, [name]: value }));
  expect(error.exit).toBe(2);
  expect(error.message).toContain(name === 'AUDITLAKE_CONFIG' ? value : name);
  expect(error.hint).not.toBe('');
  const secretive = name === 'TABNINE_TOKEN' || name === 'TABNINE_BASE_URL';
  if (secretive) expect(error.message + error.hint).not.toContain(value);
});

test.each([
  ['a typing error', 'hom: /data', /auditlake.yaml: the top level has the unknown key "hom"/],
  [
    'one in a source',
    tabnine('tokn: x'),
    /auditlake.yaml: sources.tabnine has the unknown key "tokn"/,
  ],
  [
    'two errors',
    'home: 1\nsettle: 1',
    /home must be of type string; settle must be of type string/,
  ],
  ['no type', 'sources: { a: { token: abcdef } }', /sources.a.type is missing/],
  [
    'another type',
    'sources: { a: { type: x } }',
    /sources.a.type must be one of tabnine, devin(, [a-z]+)*$/,
  ],
  ['no token', tabnine(''), /sources.tabnine in auditlake.yaml has no token/],
  ['two tokens', tabnine('token: a, tokenFile: b'), /has both token and tokenFile/],
  ['a bad duration', 'lookback: 1 day', /lookback is not a duration/],
  ['a long duration', 'lookback: 4000d', /lookback in auditlake.yaml is not a duration/],
  [
    'a bad start',
    tabnine('token: abcdef, start: yesterday'),
    /sources.tabnine.start is not a date/,
  ],
  ['a bad concurrency', 'concurrency: 64', /concurrency is more than 32/],
  ['a bad level', 'logLevel: loud', /logLevel must be one of trace, debug/],
  ['a bad stream', tabnine('token: abcdef, required: [A]'), /required.0 is not the name of a/],
  ['a folder up', 'sources: { ../x: { type: tabnine } }', /sources...\/x cannot be used as the/],
  ['an upper-case name', 'sources: { EMEA: { type: tabnine } }', /sources.EMEA cannot be used/],
  [
    'the name of a folder in use',
    'sources: { ledger: { type: tabnine, token: abcdef } }',
    /sources.ledger in auditlake.yaml: this name cannot be used/,
  ],
  ['a list', '- a', /the file must be of type/],
  ['a text', 'hello', /the file must be of type/],
  ['a duplicate', 'home: a\nhome: b', /not valid YAML: line 2, column 1: duplicate key/],
  ['broken YAML', 'home: "a', /not valid YAML: line 1/],
  ['an unknown alias', 'home: *tbn_secret', /not valid YAML: an alias without its anchor/],
  ['an unknown tag', 'home: !tbn_secret', /not valid YAML: line 1, column 7: tag resolve failed/],
  ['an unset variable', tabnine('token: "${NOPE}"'), /sources.tabnine.token needs .* NOPE, which/],
  [
    'an empty variable',
    tabnine('token: "${EMPTY}"'),
    /sources.tabnine.token needs .* EMPTY, which/,
  ],
  ['no variable at all', 'home: "${a b}"', /home needs the environment variable a b, which/],
  ['a secret in the wrong place', 'lookback: "${SECRET}"', /lookback is not a duration/],
  [
    'a sink without its secret',
    sink('type: splunk-hec, url: "https://a.test", token: "${NOPE}"'),
    /sinks.a.token needs .* NOPE/,
  ],
  [
    'a sink without a token',
    sink('type: splunk-hec, url: "https://a.test"'),
    /sinks.a in .* has no token/,
  ],
  [
    'a sink over plain http',
    sink('type: splunk-hec, url: "http://a.test", token: abcdef'),
    /unencrypted/,
  ],
  [
    'two sinks into one file',
    'sources: {}\nsinks: { a: { type: ndjson, path: x }, b: { type: ndjson, path: ./x } }',
    /sinks.a and sinks.b in auditlake.yaml write to the same place/,
  ],
  [
    'a table that has no OCSF form',
    sink('type: ndjson, path: "-", format: ocsf, tables: [usage_metrics]'),
    /usage_metrics has no OCSF form/,
  ],
  [
    'half of the credentials',
    sink('type: s3, bucket: b, region: r, accessKeyId: a'),
    /one of accessKeyId and secretAccessKey/,
  ],
  [
    'a sink of an unknown type',
    sink('type: kafka'),
    /sinks.a.type must be one of splunk-hec, bigquery, s3, ndjson/,
  ],
  [
    'a signing key that is none',
    'signing: { key: "${SECRET}" }',
    /signing.key in auditlake.yaml is not a key in PEM/,
  ],
  ['a trusted key that is not there', 'trustedKeys: [nowhere.pem]', /cannot read .*nowhere.pem/],
  ['an unknown compression', 'lake: { compression: lz4 }', /lake/],
  [
    'a model scope without its usage',
    tabnine('token: abcdef, usageScopes: [team], modelScopes: [user]'),
    /modelScopes in auditlake.yaml names user, which usageScopes leaves out/,
  ],
  ['a scope that is none', tabnine('token: abcdef, usageScopes: [users]'), /usageScopes.0 must be/],
  [
    'a key that can be guessed',
    tabnine('token: abcdef, pseudonymKey: "${SECRET}"'),
    /pseudonymKey in auditlake.yaml is shorter than 16/,
  ],
  [
    'two keys',
    tabnine('token: abcdef, pseudonymKey: a, pseudonymKeyFile: b'),
    /both pseudonymKey and pseudonymKeyFile/,
  ],
  [
    'a bad cron line',
    'schedule: { nightly: "61 2 * * *" }',
    /schedule.nightly in auditlake.yaml is not a cron line: minute/,
  ],
  [
    'a cron line of words',
    'schedule: { verify: "${SECRET}" }',
    /schedule.verify .* not a cron line/,
  ],
  ['an endless range', 'schedule: { verify: "1-999999999 * * * *" }', /verify .* not a cron line/],
  ['a day that never is', 'schedule: { verify: "0 0 30 2 *" }', /not a cron line: dayOfMonth/],
  [
    'a time zone that is none',
    'schedule: { timezone: "${SECRET}" }',
    /schedule.timezone in auditlake.yaml is not a time zone/,
  ],
  ['a jitter of days', 'schedule: { jitter: 2d }', /schedule.jitter .* is out of range/],
  [
    'an address without a port',
    'schedule: { listen: localhost }',
    /schedule.listen .* not an addr/,
  ],
  ['a port that is none', 'schedule: { listen: "localhost:65536" }', /schedule.listen .* not an/],
  [
    'a schedule without a job',
    'schedule: { nightly: false, verify: false, reconcile: false, detect: false }',
    /schedule in auditlake.yaml has no job left/,
  ],
  ['devin without a token', 'sources: { d: { type: devin } }', /sources.d in .* has no token/],
  [
    'what only Tabnine has',
    'sources: { d: { type: devin, token: cog_a, pseudonymKey: "${SECRET}" } }',
    /sources.d has the unknown key "pseudonymKey"/,
  ],
  [
    'what only Tabnine has, too,',
    'sources: { d: { type: devin, token: cog_a, modelScopes: [user] } }',
    /sources.d has the unknown key "modelScopes"/,
  ],
  [
    'a key of the older API',
    'sources: { d: { type: devin, token: apk_tbn_secret } }',
    /sources.d.token in auditlake.yaml is a key of Devin's API v1 or v2/,
  ],
])('%s in the file is a usage error that names the place', (_, yaml, message) => {
  const error = failure(() => load({ SECRET: 'tbn_secret', EMPTY: '' }, yaml));
  expect(error.exit).toBe(2);
  expect(error.message).toMatch(message);
  expect(error.hint).not.toBe('');
  expect(error.message + error.hint).not.toContain('tbn_secret');
});

test.each([
  ['', /TABNINE_TOKEN_FILE is empty/],
  ['\n', /TABNINE_TOKEN_FILE is empty/],
  ['tbn_secret\ntbn_other\n', /TABNINE_TOKEN_FILE has a space or line break/],
])('a token file with %j is refused', (content, message) => {
  writeFileSync(join(cwd, 'token'), content);
  const error = failure(() => load({ TABNINE_TOKEN_FILE: 'token' }));
  expect(error.message).toMatch(message);
  expect(error.message + error.hint).not.toContain('tbn_');
});
