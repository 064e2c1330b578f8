import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, type Home, homeFor, sandboxFor } from '../harness.ts';
import { few } from '../long.ts';
import { eventAt, MINUTE } from '../sync/support.ts';

const VERBS = [
  ['status'],
  ['verify'],
  ['query', 'select 1 as one'],
  ['sync'],
  ['rebuild'],
  ['prune', '--before', '2020-01-01', '--reason', 'over'],
];

async function ends(home: Home, path: string): Promise<{ code: number | null; stderr: string }[]> {
  const ran: { code: number | null; stderr: string }[] = [];
  for (const verb of VERBS) ran.push(await home.run([...verb, '--home', path]));
  return ran;
}

describe('a home that cannot be used is a mistake of the call, whatever is asked', () => {
  test.each<[string, string, (path: string) => Promise<void>, RegExp]>([
    ['a file', 'place', (path) => writeFile(path, 'x'), /cannot be used: it is no folder/],
    ['a loop of links', 'place', (path) => symlink(path, path), /cannot be used: ELOOP/],
    ['a link to nowhere', 'place', (path) => symlink('nowhere', path), /a link that leads nowhere/],
    [
      'below a file',
      'place/home',
      (path) => writeFile(dirname(path), 'x'),
      /cannot be used: ENOTDIR/,
    ],
  ])('%s', async (_, name, make, expected) => {
    const home = await homeFor(await sandboxFor({ events: 1 }));
    const path = join(dirname(home.folder), name);
    await make(path);
    for (const { code, stderr } of await ends(home, path)) {
      expect(stderr).toMatch(expected);
      expect(code).toBe(2);
    }
  });
});

test.each(['archive', 'archive/ledger'])(
  'a file in the place of %s is a matter of integrity',
  async (place) => {
    const home = await homeFor(await sandboxFor({ events: 1 }));
    await mkdir(dirname(join(home.folder, place)), { recursive: true });
    await writeFile(join(home.folder, place), 'x');
    for (const { code, stderr } of await ends(home, home.folder)) {
      expect(stderr).toContain(`${place} is no folder`);
      expect(code).toBe(5);
    }
  },
);

test('a folder without an archive is named wrongly: nothing is found to be well in it, and nothing is left there', async () => {
  const home = await homeFor(null);
  const sinks = { out: { type: 'ndjson', path: '-' } };
  await writeFile(join(dirname(home.folder), 'auditlake.yaml'), JSON.stringify({ sinks }));
  for (const verb of [
    ['detect'],
    ['detect', '--close', 'ab', '--because', 'x'],
    ['rebuild'],
    ['deliver'],
    ['prune', '--before', '2020-01-01', '--reason', 'over'],
    ['prune', '--before', '2020-01-01', '--reason', 'over', '--yes'],
    ['verify'],
    ['report'],
    ['status', '--coverage'],
  ]) {
    const { code, stderr } = await home.run([...verb, '--home', 'nowhere']);
    expect({ verb, code, stderr }).toMatchObject({
      verb,
      code: 2,
      stderr: expect.stringMatching(/there is no archive in .*nowhere/),
    });
  }
  expect(existsSync(join(dirname(home.folder), 'nowhere'))).toBe(false);
});

test.runIf(process.getuid?.() === 0).each([
  ['all of it', 0o700, ['status', 'verify'], /cannot be used: EACCES/, 2],
  [
    'its files',
    0o755,
    ['status'],
    /auditlake: EACCES.*\n {2}what to do: make sure that this user/,
    1,
  ],
])('a home of another user, who keeps to himself %s', async (_, mode, verbs, expected, exit) => {
  const home = await homeFor(await sandboxFor({ events: 1 }));
  await home.sync();
  await chmod(dirname(home.folder), 0o755);
  await chmod(home.folder, mode);
  const nobody = { uid: 65_534, gid: 65_534, cwd: '/', env: { PATH: home.env['PATH'] } };
  for (const verb of verbs) {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, [BIN, verb, '--home', home.folder], nobody, (error, __, text) =>
        resolve({ code: error?.code, stderr: text }),
      );
    });
    expect(stderr).toMatch(expected);
    expect(code).toBe(exit);
  }
});

const NAMES = few(2, [
  'h?m[e]',
  'back\\slash %41 $HOME #1;~ a=b&c 家 \u{1f3e0} ',
  `{home,other} it's a "home"`,
  'h*e',
]);

test.each(NAMES)('nothing in the path of a home is a pattern: %s', async (name) => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  const parent = dirname(home.folder);
  const own = join(parent, name);
  // What a pattern would find as well.
  for (const other of ['hooe', 'home', 'hxme', 'other']) {
    await mkdir(join(parent, other, 'archive'), { recursive: true });
  }
  const ask = async (...args: string[]): Promise<string> => {
    const ran = await home.run([...args, '--home', own]);
    expect(ran).toMatchObject({ code: 0 });
    return ran.stdout;
  };
  await ask('sync', 'tabnine/audit-logs');
  await cp(own, join(parent, 'home'), { recursive: true });
  await cp(own, join(parent, 'other'), { recursive: true });
  await ask('rebuild');
  await ask('verify');
  const count = 'select count(*) as n from audit_events';
  expect(JSON.parse(await ask('query', count, '--json'))).toEqual([{ n: 20 }]);
  const file = join(parent, `${name}.parquet`);
  await ask('query', count, '--to', file);
});

test('a backslash next to a pattern is refused: DuckDB cannot be made to read it', async () => {
  const home = await homeFor(null);
  const { code, stderr } = await home.run(['status', '--home', join(home.folder, 'a\\*')]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('a backslash')]);
});

test('copies of a home that are no tampering: links were followed, and the archive is an older one', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  const sync = async (): Promise<number | null> =>
    (await home.run(['sync', 'tabnine/audit-logs'])).code;
  const verify = async (): Promise<number | null> => (await home.run(['verify'])).code;
  await sync();
  const link = join(home.folder, 'warehouse.duckdb');
  const published = await realpath(link);
  await rm(link);
  await copyFile(published, link);
  expect([await verify(), await sync(), await verify()]).toEqual([3, 0, 0]);

  const older = join(dirname(home.folder), 'older');
  await cp(join(home.folder, 'archive'), older, { recursive: true });
  sandbox.tabnine.events.insert(eventAt(Date.now() - 2 * MINUTE, 'one'));
  await sync();
  await rm(join(home.folder, 'archive'), { recursive: true });
  await cp(older, join(home.folder, 'archive'), { recursive: true });
  // As many lines as were lost, with something else in them.
  sandbox.tabnine.events.insert(eventAt(Date.now() - 3 * MINUTE, 'two'));
  expect([await sync(), await verify()]).toEqual([0, 0]);
});
