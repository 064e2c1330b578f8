import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Config, loadConfig } from '../../src/config/load.ts';
import { JOBS } from '../../src/schedule/jobs.ts';
import { type Env, failure, loadAt, makeFolder, TOKEN } from './support.ts';

let cwd: string;
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => rmSync(cwd, { recursive: true }));
const load = (env: Env = {}, yaml?: string): Config => loadAt(cwd, env, yaml);

const SCHEDULE_DEFAULTS = Object.fromEntries(
  [...JOBS.map(({ name }) => name), 'timezone', 'jitter', 'catchUp', 'listen'].map((key) => [
    `schedule.${key}`,
    'default',
  ]),
);

test('without anything: the defaults and no source', () => {
  expect(load()).toEqual({
    values: expect.objectContaining({
      settle: '60s',
      concurrency: '4',
      'schedule.nightly': '15 2 * * *',
    }),
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
    questions: null,
    detections: null,
    people: { identities: [], version: '' },
    countryFile: null,
    lake: { compression: 'zstd', retention: null },
    schedule: {
      timezone: 'UTC',
      jobs: [
        { name: 'detect', line: '45 2,4 * * *' },
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

test.each<[string, Buffer]>([
  ['as it is', Buffer.from(TOKEN)],
  ['with line breaks at its end', Buffer.from(`${TOKEN}\r\n\n`)],
  ['after a byte order mark', Buffer.from(`\u{feff}${TOKEN}\r\n`)],
  ['in UTF-16', Buffer.from(`\u{feff}${TOKEN}\r\n`, 'utf16le')],
  ['in UTF-16 the other way round', Buffer.from(`\u{feff}${TOKEN}\r\n`, 'utf16le').swap16()],
])('a token in a file: %s', (_, bytes) => {
  writeFileSync(join(cwd, 'token'), bytes);
  const { sources } = loadConfig({ env: { TABNINE_TOKEN_FILE: 'token' }, cwd });
  expect(sources).toMatchObject([{ token: TOKEN }]);
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

test('$${VAR} stands for itself', () => {
  expect(load({}, 'home: "/a/$${HOME}"').home).toBe('/a/${HOME}');
});

test('an empty --home is refused', () => {
  expect(failure(() => loadConfig({ env: {}, cwd, home: '' })).message).toBe('--home is empty');
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
