/** Setting up by dialogue, and by options alone. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Home, homeFor, type Ran, sandboxFor } from '../harness.ts';
import type { Sandbox } from '../sandbox/start.ts';

type World = { sandbox: Sandbox; home: Home; folder: string; file: string };

async function world(): Promise<World> {
  const sandbox = await sandboxFor({ events: 5, days: 1 });
  const home = await homeFor(sandbox);
  const folder = join(home.folder, '..');
  return { sandbox, home, folder, file: join(folder, 'own.yaml') };
}

/** Answers, one line each. */
async function answered(
  home: Home,
  lines: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(lines.map((line) => `${line}\n`).join(''));
  return await home.run(['init', '--to', 'own.yaml'], env, { stdin, terminal: 80 });
}

/** Nothing is known of the vendor but what is answered. */
const BARE = { TABNINE_TOKEN: '', TABNINE_BASE_URL: '' };

const written = async (file: string): Promise<unknown> => parse(await readFile(file, 'utf8'));

test('answers become a file that a run can go by; each is tried at once', async () => {
  const { sandbox, home, folder, file } = await world();
  await writeFile(join(folder, 'token'), sandbox.token);
  const { url } = sandbox;
  const ran = await answered(
    home,
    ['tabnine', './token', url, 'ndjson', './rows.ndjson', ''],
    BARE,
  );
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stderr).toContain('ok  tabnine: token accepted');
  expect(ran.stderr).toContain('ok  sink ndjson');
  expect(await written(file)).toEqual({
    sources: { tabnine: { type: 'tabnine', tokenFile: './token', baseUrl: url } },
    sinks: { ndjson: { type: 'ndjson', path: './rows.ndjson' } },
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const sync = ['sync', 'tabnine/audit-logs', '--config', 'own.yaml', '--json'];
  expect(await home.run(sync, BARE)).toMatchObject({ code: 0 });
});

test('what does not work is said, and asked for again; a token in place of a file is not repeated', async () => {
  const { sandbox, home, folder, file } = await world();
  await writeFile(join(folder, 'old'), 'a-token-of-last-year');
  await writeFile(join(folder, 'token'), sandbox.token);
  const pasted = 'tbn-pasted-by-mistake';
  const { url } = sandbox;
  const again = ['y', pasted, './token', url];
  const lines = ['nobody tabnine', 'tabnine', './old', url, ...again, '', './data'];
  const ran = await answered(home, lines, BARE);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain('no such file, and no such variable');
  expect(ran.stdout).toContain('nobody is none of them');
  expect(ran.stderr).toContain('NO  tabnine:');
  // A terminal shows what is typed, and nothing else does.
  expect(ran.stderr).not.toContain(pasted);
  expect(await written(file)).toMatchObject({
    home: './data',
    sources: { tabnine: { tokenFile: './token' } },
  });
});

test('variables that are set are suggested, and written as variables', async () => {
  const { sandbox, home, file } = await world();
  expect(await answered(home, ['', '', '', '', ''])).toMatchObject({ code: 0 });
  const text = await readFile(file, 'utf8');
  expect(text).toContain('token: ${TABNINE_TOKEN}');
  expect(text).not.toContain(sandbox.token);
});

test('whoever has had enough leaves nothing behind', async () => {
  const { home, file } = await world();
  expect(await answered(home, ['tabnine'])).toMatchObject({ code: 3 });
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

test('options say all that is asked, for scripts; what does not work is refused', async () => {
  const { sandbox, home, folder, file } = await world();
  await writeFile(join(folder, 'token'), sandbox.token);
  const by = async (...settings: string[]): Promise<Ran> =>
    await home.run(
      ['init', '--to', 'own.yaml', ...settings.flatMap((one) => ['--set', one])],
      BARE,
    );
  const source = ['sources.emea.type=tabnine', `sources.emea.baseUrl=${sandbox.url}`];
  const refused = await by(...source, 'sources.emea.token=not-it');
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('nothing is written');
  expect(await by(...source, 'sources.emea.tokenFile=./token')).toMatchObject({ code: 0 });
  expect(await written(file)).toMatchObject({ sources: { emea: { tokenFile: './token' } } });
  expect(await by(...source)).toMatchObject({ code: 2 });
});

test.each([
  [['--set', 'sources.__proto__.type=tabnine'], 'KEY=VALUE'],
  [['--set', 'tbn-a-token'], 'KEY=VALUE'],
  [['--set', 'home=/a', '--set', 'home.b=1'], 'settings below it'],
  [[], 'no vendor is named'],
])('settings that make no sense are refused: %j', async (args, says) => {
  const home = await homeFor(null, []);
  const { code, stderr } = await home.run(['init', '--to', 'own.yaml', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
  expect(stderr).not.toContain('tbn-a-token');
});

test('a home that is named is in the file, and a file to read is refused', async () => {
  const { home, folder, file } = await world();
  const set = ['--no-check', '--set', 'sources.a.type=tabnine', '--set', 'sources.a.tokenFile=t'];
  const ran = await home.run(['init', '--home', 'elsewhere', '--to', 'own.yaml', ...set]);
  expect(ran).toMatchObject({ code: 0 });
  expect(await written(file)).toMatchObject({ home: 'elsewhere' });
  const refused = await home.run(['init', '--config', join(folder, 'own.yaml'), ...set]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--to') });
});
