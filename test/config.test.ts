import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configJsonSchema } from '../src/config/file-schema.ts';
import { type Config, loadConfig } from '../src/config/load.ts';
import { REGISTRY } from '../src/config/registry.ts';
import { AuditlakeError } from '../src/errors.ts';
import { JOBS } from '../src/schedule/jobs.ts';

const TOKEN = 'tbn_0123456789abcdef';
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'auditlake-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

type Env = Record<string, string>;
const load = (env: Env = {}, yaml?: string): Config => {
  if (yaml !== undefined) writeFileSync(join(cwd, 'auditlake.yaml'), yaml);
  return loadConfig({ env, cwd });
};
const failure = (act: () => unknown): AuditlakeError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AuditlakeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
const tabnine = (fields: string): string => `sources: { tabnine: { type: tabnine, ${fields} } }`;

const SCHEDULE_DEFAULTS = Object.fromEntries(
  [...JOBS.map(({ name }) => name), 'timezone', 'jitter', 'catchUp', 'listen'].map((key) => [
    `schedule.${key}`,
    'default',
  ]),
);

const sink = (fields: string): string => `sources: {}\nsinks: { a: { ${fields} } }`;

test('without anything: the defaults and no source', () => {
  expect(load()).toEqual({
    home: join(cwd, 'auditlake-data'),
    sources: [],
    sinks: [],
    signingKey: null,
    trustedKeys: [],
    secrets: [],
    lookback: 86_400_000,
    usageLookback: 604_800_000,
    settle: 60_000,
    freshness: 172_800_000,
    concurrency: 4,
    timeout: 30_000,
    logLevel: 'info',
    caFile: undefined,
    lake: { compression: 'zstd', retention: null },
    schedule: {
      timezone: 'UTC',
      jobs: [
        { name: 'nightly', line: '15 2 * * *' },
        { name: 'reconcile', line: '0 4 * * *' },
        { name: 'verify', line: '0 6 * * 0' },
      ],
      jitter: 600_000,
      catchUp: true,
      listen: { host: '0.0.0.0', port: 9464 },
    },
    origins: {
      ...SCHEDULE_DEFAULTS,
      home: 'default',
      lookback: 'default',
      usageLookback: 'default',
      lake: 'default',
      settle: 'default',
      freshness: 'default',
      concurrency: 'default',
      timeout: 'default',
      logLevel: 'default',
      trustedKeys: 'default',
    },
  });
});

test('the environment alone is enough', () => {
  writeFileSync(join(cwd, 'ca.pem'), '');
  const config = load({
    AUDITLAKE_HOME: 'here',
    AUDITLAKE_START: '2025-01-01',
    AUDITLAKE_LOOKBACK: '7d',
    AUDITLAKE_USAGE_LOOKBACK: '14d',
    AUDITLAKE_SETTLE: '0s',
    AUDITLAKE_FRESHNESS: '36h',
    AUDITLAKE_CONCURRENCY: '32',
    AUDITLAKE_TIMEOUT: '500ms',
    AUDITLAKE_LOG_LEVEL: 'debug',
    NODE_EXTRA_CA_CERTS: 'ca.pem',
    TABNINE_BASE_URL: 'https://tabnine.acme.test/prefix/',
    TABNINE_TOKEN: TOKEN,
    DEVIN_BASE_URL: 'https://acme.devinenterprise.test/',
    DEVIN_TOKEN: 'cog_0123456789',
  });
  expect(config).toMatchObject({
    home: join(cwd, 'here'),
    lookback: 604_800_000,
    usageLookback: 1_209_600_000,
    settle: 0,
    freshness: 129_600_000,
    concurrency: 32,
    timeout: 500,
    logLevel: 'debug',
    caFile: join(cwd, 'ca.pem'),
    sources: [
      {
        name: 'tabnine',
        vendor: { type: 'tabnine' },
        baseUrl: 'https://tabnine.acme.test/prefix',
        token: TOKEN,
        start: Date.UTC(2025, 0, 1),
        required: ['audit-logs'],
        options: { usageScopes: ['organization', 'team', 'user'], allowedTeams: false },
        secrets: { pseudonymKey: null },
      },
      {
        name: 'devin',
        vendor: { type: 'devin' },
        baseUrl: 'https://acme.devinenterprise.test',
        token: 'cog_0123456789',
        start: Date.UTC(2025, 0, 1),
        required: ['audit-logs'],
        options: { usageScopes: ['organization', 'team', 'user'] },
        secrets: {},
      },
    ],
  });
  expect(config.origins).toEqual({
    ...SCHEDULE_DEFAULTS,
    home: 'AUDITLAKE_HOME',
    lookback: 'AUDITLAKE_LOOKBACK',
    usageLookback: 'AUDITLAKE_USAGE_LOOKBACK',
    lake: 'default',
    settle: 'AUDITLAKE_SETTLE',
    freshness: 'AUDITLAKE_FRESHNESS',
    concurrency: 'AUDITLAKE_CONCURRENCY',
    timeout: 'AUDITLAKE_TIMEOUT',
    trustedKeys: 'default',
    logLevel: 'AUDITLAKE_LOG_LEVEL',
    caFile: 'NODE_EXTRA_CA_CERTS',
    'sources.tabnine.baseUrl': 'TABNINE_BASE_URL',
    'sources.tabnine.token': 'TABNINE_TOKEN',
    'sources.tabnine.start': 'AUDITLAKE_START',
    'sources.tabnine.required': 'default',
    'sources.tabnine.usageScopes': 'default',
    'sources.tabnine.modelScopes': 'default',
    'sources.tabnine.allowedTeams': 'default',
    'sources.devin.baseUrl': 'DEVIN_BASE_URL',
    'sources.devin.token': 'DEVIN_TOKEN',
    'sources.devin.start': 'AUDITLAKE_START',
    'sources.devin.required': 'default',
    'sources.devin.usageScopes': 'default',
  });
  expect(JSON.stringify(config.origins)).not.toContain(TOKEN);
});

test('the file can say all of it, with paths relative to the file', () => {
  mkdirSync(join(cwd, 'etc'));
  writeFileSync(join(cwd, 'etc/token'), `${TOKEN}\r\n`);
  writeFileSync(
    join(cwd, 'etc/my.yaml'),
    `
home: data
start: 2024-06-01
lookback: 12h
settle: 15m
concurrency: 1
timeout: 1m
logLevel: warn
sources:
  tabnine: { type: tabnine, tokenFile: token, start: "2025-01-01T10:30:00Z", required: [users] }
  tabnine-emea: { type: tabnine, token: "\${EMEA}\${TAIL}", baseUrl: "http://127.0.0.1:8080" }
`,
  );
  const config = loadConfig({
    env: { EMEA: 'emea-', TAIL: TOKEN },
    cwd,
    configFile: 'etc/my.yaml',
  });
  expect(config).toMatchObject({
    home: join(cwd, 'etc/data'),
    lookback: 43_200_000,
    settle: 900_000,
    concurrency: 1,
    timeout: 60_000,
    logLevel: 'warn',
    sources: [
      { name: 'tabnine', token: TOKEN, start: Date.UTC(2025, 0, 1, 10, 30), required: ['users'] },
      {
        name: 'tabnine-emea',
        token: `emea-${TOKEN}`,
        start: Date.UTC(2024, 5, 1),
        baseUrl: 'http://127.0.0.1:8080',
      },
    ],
  });
  expect(config.origins).toMatchObject({
    home: 'etc/my.yaml',
    'sources.tabnine.token': 'etc/my.yaml',
    'sources.tabnine.baseUrl': 'default',
    'sources.tabnine-emea.start': 'etc/my.yaml',
  });
});

test('an option beats a variable, a variable beats the file, an empty one is unset', () => {
  writeFileSync(join(cwd, 'auditlake.yaml'), 'home: /file\nsettle: 1s');
  const env = { AUDITLAKE_HOME: '/env', AUDITLAKE_SETTLE: '' };
  const config = loadConfig({ env, cwd, home: '/option' });
  expect(config).toMatchObject({ home: '/option', settle: 1000 });
  expect(config.origins).toMatchObject({ home: '--home', settle: 'auditlake.yaml' });
  expect(load(env)).toMatchObject({ home: '/env' });
  expect(load()).toMatchObject({ home: '/file' });
});

test('AUDITLAKE_CONFIG names the file', () => {
  writeFileSync(join(cwd, 'other.yaml'), 'settle: 5s');
  expect(load({ AUDITLAKE_CONFIG: 'other.yaml' }).settle).toBe(5000);
});

test('an empty file says nothing', () => {
  expect(load({}, '').settle).toBe(60_000);
  expect(load({}, '# nothing\n').settle).toBe(60_000);
});

test('a token used in the file opens no second source', () => {
  const yaml = 'sources: { emea: { type: tabnine, token: "${TABNINE_TOKEN}" } }';
  expect(load({ TABNINE_TOKEN: TOKEN }, yaml).sources.map(({ name }) => name)).toEqual(['emea']);
});

test('the variables reach the source of the file that is named tabnine', () => {
  const env = { TABNINE_TOKEN: TOKEN, TABNINE_BASE_URL: 'https://a.test' };
  const [source] = load(env, tabnine('baseUrl: https://b.test, tokenFile: gone')).sources;
  expect(source).toMatchObject({ token: TOKEN, baseUrl: 'https://a.test' });
});

test('the token may stand in a file', () => {
  writeFileSync(join(cwd, 'token'), `${TOKEN}\n`);
  const config = load({ TABNINE_TOKEN_FILE: 'token' });
  expect(config.sources[0]?.token).toBe(TOKEN);
  expect(config.origins['sources.tabnine.token']).toBe('TABNINE_TOKEN_FILE');
});

test('$${VAR} stands for itself', () => {
  expect(load({}, 'home: "/a/$${HOME}"').home).toBe('/a/${HOME}');
});

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

test.each(['http://localhost:1', 'http://127.1.2.3', 'http://[::1]:8080', 'https://a.test'])(
  'TABNINE_BASE_URL=%s is accepted',
  (url) => {
    const { sources } = load({ TABNINE_TOKEN: TOKEN, TABNINE_BASE_URL: url });
    expect(sources[0]?.baseUrl).toBe(url);
  },
);

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
  ['another type', 'sources: { a: { type: x } }', /sources.a.type must be one of tabnine, devin$/],
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
    'schedule: { nightly: false, verify: false, reconcile: false }',
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

test('one token at a time', () => {
  const env = { TABNINE_TOKEN: TOKEN, TABNINE_TOKEN_FILE: 'token' };
  expect(failure(() => load(env)).message).toMatch(/both TABNINE_TOKEN and TABNINE_TOKEN_FILE/);
  const devin = { DEVIN_TOKEN: 'cog_0123456789', DEVIN_TOKEN_FILE: 'token' };
  expect(failure(() => load(devin)).message).toMatch(/both DEVIN_TOKEN and DEVIN_TOKEN_FILE/);
});

test('an empty --home is refused', () => {
  expect(failure(() => loadConfig({ env: {}, cwd, home: '' })).message).toBe('--home is empty');
});

test('the JSON Schema knows every key and refuses others', () => {
  expect(configJsonSchema(REGISTRY)).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: {
      home: { type: 'string' },
      concurrency: { type: 'integer', minimum: 1, maximum: 32 },
      sources: {
        additionalProperties: {
          oneOf: [
            { additionalProperties: false, required: ['type'] },
            { additionalProperties: false, required: ['type'] },
          ],
        },
      },
    },
  });
});

test('the file says whose usage is read, and how the lake is written', () => {
  const key = 'k'.repeat(32);
  writeFileSync(join(cwd, 'key'), `${key}\n`);
  const config = load(
    {},
    `lake: { compression: snappy }
sources:
  a: { type: tabnine, token: abcdef, usageScopes: [team, user], allowedTeams: true, pseudonymKeyFile: key }`,
  );
  expect(config.lake).toEqual({ compression: 'snappy', retention: null });
  expect(config.sources).toMatchObject([
    {
      options: { usageScopes: ['team', 'user'], allowedTeams: true },
      secrets: { pseudonymKey: key },
    },
  ]);
  expect(load({}, 'lake: false').lake).toBeNull();
});

test('who only reads the home needs no secrets of sources', () => {
  const yaml = 'home: here\nsources: { a: { type: tabnine, token: "${NOT_SET}" } }';
  expect(failure(() => load({}, yaml)).message).toContain('NOT_SET');
  writeFileSync(join(cwd, 'auditlake.yaml'), yaml);
  const config = loadConfig({ env: {}, cwd, without: ['sources'] });
  expect(config).toMatchObject({ home: join(cwd, 'here'), sources: [] });
});

test('Devin by its variables alone, with its defaults', () => {
  writeFileSync(join(cwd, 'token'), 'cog_0123456789\n');
  const config = load({ DEVIN_TOKEN_FILE: 'token' });
  expect(config.sources).toEqual([
    {
      name: 'devin',
      vendor: expect.objectContaining({ type: 'devin' }),
      baseUrl: 'https://api.devin.ai',
      token: 'cog_0123456789',
      start: null,
      required: ['audit-logs'],
      options: { usageScopes: ['organization', 'team', 'user'] },
      secrets: {},
    },
  ]);
  expect(config.origins).toMatchObject({
    'sources.devin.token': 'DEVIN_TOKEN_FILE',
    'sources.devin.baseUrl': 'default',
  });
});

test('several accounts at both vendors in the file', () => {
  const yaml = `
start: 2025-01-01
sources:
  tabnine: { type: tabnine, token: "\${T}" }
  devin: { type: devin, start: 2026-01-01 }
  devin-emea: { type: devin, token: "\${D}", baseUrl: "https://emea.test", usageScopes: [organization], required: [] }
`;
  // The variables reach the source that is named devin, and no other.
  const env = { T: TOKEN, D: 'cog_emea', DEVIN_TOKEN: 'cog_env', DEVIN_BASE_URL: 'https://a.test' };
  expect(load(env, yaml).sources).toMatchObject([
    {
      name: 'tabnine',
      vendor: { type: 'tabnine' },
      token: TOKEN,
      baseUrl: 'https://console.tabnine.com',
    },
    { name: 'devin', token: 'cog_env', baseUrl: 'https://a.test', start: Date.UTC(2026, 0, 1) },
    {
      name: 'devin-emea',
      vendor: { type: 'devin' },
      token: 'cog_emea',
      baseUrl: 'https://emea.test',
      start: Date.UTC(2025, 0, 1),
      options: { usageScopes: ['organization'] },
      required: [],
    },
  ]);
});

test('the schedule: lines, a time zone, and where it is told how it goes', () => {
  const yaml = `schedule:
  timezone: Europe/Berlin
  nightly: "15 2 * * *"
  verify: "@weekly"
  reconcile: false
  deliver: "*/30 * * * *"
  jitter: 0s
  catchUp: false
  listen: "[::1]:0"`;
  const config = load({}, yaml);
  expect(config.schedule).toEqual({
    timezone: 'Europe/Berlin',
    jobs: [
      { name: 'deliver', line: '*/30 * * * *' },
      { name: 'nightly', line: '15 2 * * *' },
      { name: 'verify', line: '@weekly' },
    ],
    jitter: 0,
    catchUp: false,
    listen: { host: '::1', port: 0 },
  });
  expect(config.origins['schedule.timezone']).toBe('auditlake.yaml');
  expect(load({}, 'schedule: { listen: false }').schedule.listen).toBeNull();
});
