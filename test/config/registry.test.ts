/** What the configuration makes of a vendor and a sink that it has never heard of. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/file-schema.ts';
import { type Config, loadConfig } from '../../src/config/load.ts';
import type { Registry } from '../../src/config/registry.ts';
import { AuditlakeError } from '../../src/errors.ts';
import { acme, drum, registry } from './invented.ts';

const TOKEN = 'acme-0123456789';
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'auditlake-registry-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function load(env: Record<string, string>, yaml?: string): Config {
  if (yaml !== undefined) writeFileSync(join(cwd, 'auditlake.yaml'), yaml);
  return loadConfig({ env, cwd, registry });
}

function refusal(env: Record<string, string>, yaml?: string): string {
  try {
    load(env, yaml);
  } catch (error) {
    if (error instanceof AuditlakeError && error.exit === 2)
      return `${error.message}; ${error.hint}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('the environment alone sets a source up, options and all', () => {
  const config = load({
    ACME_AUDIT_TOKEN: TOKEN,
    ACME_ORG: 'rockets',
    ACME_KEY_FILE: 'key.pem',
    ACME_PATIENCE: '5s',
  });
  expect(config.sources).toEqual([
    {
      name: 'acme',
      vendor: acme,
      baseUrl: 'https://api.acme.test',
      token: TOKEN,
      start: null,
      required: ['events'],
      options: { org: 'rockets', keyFile: join(cwd, 'key.pem'), patience: 5000, deep: false },
      secrets: { salt: null },
    },
  ]);
  expect(config.origins).toMatchObject({
    'sources.acme.token': 'ACME_AUDIT_TOKEN',
    'sources.acme.org': 'ACME_ORG',
    'sources.acme.patience': 'ACME_PATIENCE',
    'sources.acme.enterprise': 'default',
    'sources.acme.deep': 'default',
  });
});

test('a variable beats the file for the source that is named like the vendor, and for no other', () => {
  const { sources, origins } = load(
    { ACME_ORG: 'from-env', ACME_AUDIT_TOKEN: TOKEN },
    `sources:
  acme: { type: acme, org: from-file, deep: true }
  emea: { type: acme, token: emea-0123, org: from-file, salt: "a long enough salt", keyFile: ./k }`,
  );
  expect(sources).toMatchObject([
    { name: 'acme', options: { org: 'from-env', deep: true, patience: 120_000 } },
    {
      name: 'emea',
      options: { org: 'from-file', keyFile: join(cwd, 'k') },
      secrets: { salt: 'a long enough salt' },
    },
  ]);
  expect(origins).toMatchObject({
    'sources.acme.org': 'ACME_ORG',
    'sources.acme.deep': 'auditlake.yaml',
    'sources.emea.org': 'auditlake.yaml',
    'sources.emea.salt': 'auditlake.yaml',
  });
});

test.each([
  [
    'options that do not go together, without a file',
    { ACME_AUDIT_TOKEN: TOKEN },
    undefined,
    'the source acme names not exactly one of enterprise and organization; set ACME_ENTERPRISE or ACME_ORG',
  ],
  [
    'options that do not go together',
    {},
    'sources: { a: { type: acme, token: abcdef, org: a, enterprise: b } }',
    'sources.a in auditlake.yaml names not exactly one of',
  ],
  [
    'an option in a variable',
    { ACME_AUDIT_TOKEN: TOKEN, ACME_ORG: 'a', ACME_PATIENCE: '1 day' },
    undefined,
    'ACME_PATIENCE is not a duration',
  ],
  [
    'an option in a variable that is out of range',
    { ACME_AUDIT_TOKEN: TOKEN, ACME_ORG: 'a', ACME_PATIENCE: '9999d' },
    undefined,
    'ACME_PATIENCE is not a duration; write a whole number and a unit',
  ],
  [
    'an option in the file',
    {},
    'sources: { a: { type: acme, token: abcdef, org: a, patience: 9999d } }',
    'auditlake.yaml: sources.a.patience is not a duration; write a whole number and a unit',
  ],
  [
    'a secret',
    {},
    'sources: { a: { type: acme, token: abcdef, org: a, salt: short } }',
    'sources.a.salt in auditlake.yaml is shorter than 16 characters',
  ],
  [
    'no token',
    {},
    'sources: { a: { type: acme, org: a } }',
    'sources.a in auditlake.yaml has no token; add token: "${ACME_AUDIT_TOKEN}" or tokenFile: PATH to it: an owner makes one',
  ],
  [
    'a stream that is nearly one',
    {},
    'sources: { a: { type: acme, token: abcdef, org: a, required: [event] } }',
    'sources.a in auditlake.yaml requires event, which is no stream of Acme Code; did you mean events?',
  ],
  [
    'a stream that is far from one',
    {},
    'sources: { a: { type: acme, token: abcdef, org: a, required: [billing] } }',
    'requires billing, which is no stream of Acme Code; its streams: events, seats',
  ],
  [
    'another vendor',
    {},
    'sources: { a: { type: other } }',
    'auditlake.yaml: sources.a.type must be one of acme',
  ],
  [
    'another sink',
    {},
    'sinks: { a: { type: other } }',
    'auditlake.yaml: sinks.a.type must be one of drum',
  ],
  [
    'a sink without its secret',
    {},
    'sinks: { a: { type: drum, skin: a } }',
    'sinks.a in auditlake.yaml has no key; add key: "${VARIABLE}" or keyFile',
  ],
  [
    'a table that a sink does not take',
    {},
    'sinks: { a: { type: drum, skin: a, key: k, tables: [audit_events] } }',
    'auditlake.yaml: sinks.a.tables.0 must be one of usage_metrics, work_sessions',
  ],
  [
    'a format where there is no choice',
    {},
    'sinks: { a: { type: drum, skin: a, key: k, format: auditlake } }',
    'sinks.a has the unknown key "format"',
  ],
  [
    'settings of a sink that do not go together',
    {},
    'sinks: { a: { type: drum, skin: goat, key: k, tables: [work_sessions] } }',
    'sinks.a.skin in auditlake.yaml is too thin for work_sessions; take another',
  ],
  [
    'two sinks in one place',
    {},
    'sinks: { a: { type: drum, skin: ox, key: k }, b: { type: drum, skin: ox, key: l } }',
    'sinks.a and sinks.b in auditlake.yaml write to the same place',
  ],
])('%s: exit 2, and the message names the place', (_, env, yaml, message) => {
  expect(refusal(env as Record<string, string>, yaml)).toContain(message);
});

test('a sink has what its declaration says', () => {
  writeFileSync(join(cwd, 'key'), 'from a file\n');
  const { sinks, secrets } = load({}, 'sinks: { a: { type: drum, skin: ox, keyFile: key } }');
  expect(sinks).toEqual([
    {
      name: 'a',
      declared: drum,
      tables: ['usage_metrics'],
      format: 'auditlake',
      options: { skin: 'ox', beat: 1000 },
      secrets: { key: 'from a file' },
    },
  ]);
  expect(secrets).toEqual(['from a file']);
});

test('the schema for editors has their options, with text that an editor can show', () => {
  const schema = JSON.stringify(configJsonSchema(registry));
  expect(schema).toContain('"Slug of the enterprise. Variable: ACME_ENTERPRISE."');
  expect(schema).toContain('"default":"2m"');
  expect(schema).toContain('"enum":["usage_metrics","work_sessions"]');
  expect(schema).not.toMatch(/\]\(|"variable"|"path"|"fallback"/);
});

test('two vendors or sinks of one type are refused: the configuration could not say which it means', () => {
  const vendors = [...registry.vendors, acme];
  expect(loadAs({ ...registry, vendors })).toThrow('the registry has two vendors of the type acme');
  const sinks = [...registry.sinks, drum];
  expect(loadAs({ ...registry, sinks })).toThrow('the registry has two sinks of the type drum');
});

const loadAs = (of: Registry) => () => loadConfig({ env: {}, cwd, registry: of });
