/** Whatever lies in the place of a file of the home, nothing waits for it, reads it for ever or fills the memory with it. */
import { execFileSync } from 'node:child_process';
import {
  cp,
  mkdir,
  open,
  readdir,
  realpath,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VerifyDocument } from '../../src/documents/verify.ts';
import { type AtEnd, type Home, homeFor, sandboxFor } from '../harness.ts';
import { filesBelow } from '../cli/archived.ts';
import { isLong, tries } from '../long.ts';
import type { Sandbox } from '../sandbox/start.ts';

/** Reading so much of nothing takes seconds. */
const MEGABYTES = tries(1_024, 20);

type Strange = [what: string, put: (path: string) => Promise<unknown>];

const pipe = async (path: string): Promise<void> => void execFileSync('mkfifo', [path]);

const INSTEAD: Strange[] = [
  ['a pipe', pipe],
  ['a device that never ends', (path) => symlink('/dev/zero', path)],
  ['a link to itself', (path) => symlink(path, path)],
  ['a folder', (path) => mkdir(path)],
  [
    `${MEGABYTES} MB of nothing`,
    (path) => writeFile(path, '').then(() => truncate(path, MEGABYTES * 2 ** 20)),
  ],
];

let sandbox: Sandbox;
/** Of one sync, with a sink: each test has a copy of it. */
let original: Home;
const atEnd: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  sandbox = await sandboxFor({ events: 30, days: 2 }, (work) => atEnd.push(work));
  original = await emptyHome({ atEnd: (work) => atEnd.push(work) });
  await original.sync();
});

afterAll(async () => {
  for (const work of atEnd) await work();
});

async function emptyHome(how: { atEnd?: AtEnd } = {}): Promise<Home> {
  const home = await homeFor(sandbox, ['tabnine'], { lake: true, ...how });
  await home.configure({ sinks: { file: { type: 'ndjson', path: 'rows.ndjson' } } });
  return home;
}

async function filled(): Promise<Home> {
  const home = await emptyHome();
  await cp(original.folder, home.folder, { recursive: true, verbatimSymlinks: true });
  return home;
}

/** Files of a home that are read, by what they are. */
async function placesIn(folder: string): Promise<Record<string, string>> {
  const files = await filesBelow(folder);
  const find = (part: RegExp): string => join(folder, files.find((file) => part.test(file)) ?? '?');
  return {
    segment: find(/archive\/ledger/),
    batch: find(/\.ndjson\.gz$/),
    note: join(folder, 'warehouse', 'current.json'),
    generation: await realpath(join(folder, 'warehouse.duckdb')),
    manifest: join(folder, 'lake', 'manifest.json'),
    day: find(/\.parquet$/),
    journal: join(folder, 'lake', '.placing.json'),
  };
}

async function copyOf(home: Home): Promise<string> {
  const copy = join(home.folder, '..', 'copy');
  await rm(copy, { recursive: true, force: true });
  await cp(home.folder, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function verified(home: Home, folder: string): Promise<VerifyDocument & { code: number }> {
  const { code, stdout, stderr } = await home.run(['verify', '--json', '--home', folder]);
  if (stdout === '') throw new Error(`verify ended with ${code}: ${stderr}`);
  return { ...(JSON.parse(stdout) as VerifyDocument), code: code ?? -1 };
}

test('in the place of any file', { timeout: 300_000 }, async () => {
  const home = await filled();
  for (const [i, place] of Object.keys(await placesIn(home.folder)).entries()) {
    // One of them in turn; all of them in the long tests.
    const turn = i % INSTEAD.length;
    for (const [what, put] of isLong ? INSTEAD : INSTEAD.slice(turn, turn + 1)) {
      const copy = await copyOf(home);
      const path = (await placesIn(copy))[place] ?? '';
      await rm(path, { force: true });
      await put(path);
      const began = Date.now();
      const { code } = await verified(home, copy);
      const took = Date.now() - began;
      expect({ place, what, code, isQuick: took < 30_000 }).toEqual({
        place,
        what,
        code: 5,
        isQuick: true,
      });
    }
  }
});

test('what a run reads first', { timeout: 120_000 }, async () => {
  const home = await filled();
  const positions = join(home.folder, 'deliveries', 'file.json');
  for (const [path, codes] of [
    [(await placesIn(home.folder))['segment'] ?? '', [5]],
    [positions, [1]],
  ] as const) {
    const aside = `${home.folder}-aside`;
    await cp(path, aside);
    await rm(path);
    await pipe(path);
    const { code, stderr } = await home.run(['sync', 'tabnine/audit-logs']);
    expect({ path, code, stderr }).toEqual({ path, code: codes[0], stderr });
    expect(stderr).toContain('cannot be read');
    await rm(path);
    await cp(aside, path);
  }
  const generation = (await placesIn(home.folder))['generation'] ?? '';
  await rm(generation);
  await pipe(generation);
  expect(await home.run(['query', 'select 1'])).toMatchObject({ code: 5 });
  // A warehouse that is no file is made anew.
  expect(await home.run(['rebuild'])).toMatchObject({ code: 0 });
});

test('a tree deeper than a path can say, and a flood', { timeout: 120_000 }, async () => {
  const home = await filled();
  const { segment = '', batch = '' } = await placesIn(home.folder);
  const archive = join(home.folder, 'archive');
  await deepTree(join(dirname(batch), 'deep'), 3_000);
  await deepTree(join(home.folder, 'lake', 'deep'), 3_000);
  const deep = await verified(home, home.folder);
  expect(deep.code).toBe(5);
  expect(deep.faults.map(({ file }) => file)).toContainEqual(expect.stringMatching(/deep$/));
  await removeTree(join(dirname(batch), 'deep'));
  await removeTree(join(home.folder, 'lake', 'deep'));

  const many = tries(12_000);
  for (let n = 0; n < many; n += 1) await writeFile(join(archive, 'tabnine', `${n}.txt`), '');
  const strays = await verified(home, home.folder);
  expect(strays.code).toBe(5);
  expect(strays.faults).toHaveLength(1_001);
  expect(strays.faults.at(-1)?.what).toBe(`and ${many - 1_000} more`);
  for (let n = 0; n < many; n += 1) await rm(join(archive, 'tabnine', `${n}.txt`));

  const handle = await open(segment, 'a');
  for (let n = 0; n < tries(64); n += 1) await handle.write(Buffer.alloc(2 ** 20, '\n'));
  await handle.close();
  const flood = await verified(home, home.folder);
  expect(flood.code).toBe(5);
  expect(flood.faults.length).toBeLessThan(150);
  expect(flood.faults.map(({ what }) => what)).toContainEqual(
    expect.stringContaining('it is not read on'),
  );
});

/** Folder in folder, made from within: no path is as long as it gets. */
async function deepTree(folder: string, depth: number): Promise<void> {
  await mkdir(folder);
  const script = `process.chdir(${JSON.stringify(folder)});
    for (let n = 0; n < ${depth}; n += 1) { fs.mkdirSync('d'); process.chdir('d'); }`;
  execFileSync(process.execPath, ['-e', script]);
}

async function removeTree(folder: string): Promise<void> {
  execFileSync('rm', ['-rf', folder]);
  expect(await readdir(dirname(folder))).not.toContain('deep');
}
