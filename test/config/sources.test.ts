import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../src/config/load.ts';
import { type Env, failure, loadAt, makeFolder, tabnine, TOKEN } from './support.ts';

let cwd: string;
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => rmSync(cwd, { recursive: true }));
const load = (env: Env = {}, yaml?: string): Config => loadAt(cwd, env, yaml);

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

test.each(['http://localhost:1', 'http://127.1.2.3', 'http://[::1]:8080', 'https://a.test'])(
  'TABNINE_BASE_URL=%s is accepted',
  (url) => {
    const { sources } = load({ TABNINE_TOKEN: TOKEN, TABNINE_BASE_URL: url });
    expect(sources[0]?.baseUrl).toBe(url);
  },
);

test('one token at a time', () => {
  const env = { TABNINE_TOKEN: TOKEN, TABNINE_TOKEN_FILE: 'token' };
  expect(failure(() => load(env)).message).toMatch(/both TABNINE_TOKEN and TABNINE_TOKEN_FILE/);
  const devin = { DEVIN_TOKEN: 'cog_0123456789', DEVIN_TOKEN_FILE: 'token' };
  expect(failure(() => load(devin)).message).toMatch(/both DEVIN_TOKEN and DEVIN_TOKEN_FILE/);
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
