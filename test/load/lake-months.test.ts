/** Months that are closed have one file; every file has a second name that never holds anything else. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isKept, monthOf, spanSql } from '../../src/load/lake/calendar.ts';
import { compareManifest } from '../../src/load/lake/compare.ts';
import { type LakeOptions, writeLake } from '../../src/load/lake/lake.ts';
import { type Manifest, readManifest } from '../../src/load/lake/manifest.ts';
import { verifyLake } from '../../src/load/lake/verify.ts';
import { openDatabase } from '../../src/load/database.ts';
import { LAKE_TABLES } from '../../src/load/tables.ts';
import { breakDisk } from '../faults/disk.ts';
import { type Item, TestArchive, rowsOf } from './archive.ts';

const event = (id: string, time: string | null): Item => ({
  key: id,
  time,
  record: { id, timestamp: time ?? undefined, eventType: 'x', actor: { id: 'u1' } },
});

let archive: TestArchive;
let lake: string;
beforeEach(async () => {
  archive = await TestArchive.make();
  lake = join(archive.home, 'lake');
});

/** With a lake. */
let template: TestArchive;
beforeAll(async () => {
  template = await TestArchive.open();
  archive = template;
  await addAll();
  await write();
});
afterAll(() => rm(template.home, { recursive: true, force: true }));

const written = (): Promise<void> => archive.take(template);

async function addAll(): Promise<void> {
  await add(
    event('1', '2026-01-31T23:59:59.999Z'),
    event('2', '2026-02-01T00:00:00Z'),
    event('3', '2026-02-28T12:00:00Z'),
    event('4', '2026-03-02T12:00:00Z'),
    event('5', '2026-03-05T12:00:00Z'),
    event('6', null),
  );
}

async function add(...events: Item[]): Promise<void> {
  await archive.add('audit-logs', events, { at: '2026-03-10T00:00:00Z' });
}

async function write(more: Partial<LakeOptions> = {}): ReturnType<typeof writeLake> {
  const published = await archive.current();
  return await writeLake({
    home: archive.home,
    published,
    compression: 'zstd',
    openFrom: '2026-03-01',
    ...more,
  });
}

async function manifest(): Promise<Manifest> {
  const found = await readManifest(lake);
  if (found === null) throw new Error('there is no manifest');
  return found;
}

const spans = async (): Promise<string[]> =>
  (await manifest()).files.filter(({ table }) => table === 'audit_events').map(({ span }) => span);

/** What people find in the folder of the events. */
async function shown(): Promise<string[]> {
  const names = await readdir(join(lake, 'audit_events/src=acme'), { recursive: true });
  return names.filter((name) => name.endsWith('.parquet')).toSorted();
}

const inMonth = (span: string): string => `month=${monthOf(span)}/${span}.parquet`;

test('a month has one file once it is closed, and a late event rewrites it', async () => {
  await addAll();
  await write({ openFrom: '2026-02-01' });
  const open = ['0001-01-01', '2026-01', '2026-02-01', '2026-02-28', '2026-03-02', '2026-03-05'];
  expect(await spans()).toEqual(open);
  await write();
  const closed = ['0001-01-01', '2026-01', '2026-02', '2026-03-02', '2026-03-05'];
  expect([await spans(), await shown()]).toEqual([closed, closed.map(inMonth)]);
  await add(event('late', '2026-02-10T00:00:00Z'));
  expect(await write()).toMatchObject({ files: 1, rows: 3, removed: 0 });
  expect(await shown()).toEqual(closed.map(inMonth));
  const february = `'${join(lake, 'audit_events/src=acme', inMonth('2026-02')).replaceAll("'", "''").replaceAll('[', '[[]')}'`;
  expect(
    await rowsOf((await archive.current()).path, `select event_id from read_parquet(${february})`),
  ).toEqual(['2', 'late', '3'].map((id) => ({ event_id: id })));
  // Where the lookback is made longer.
  await write({ openFrom: '2026-01-01' });
  expect(await shown()).toContain(inMonth('2026-02-10'));
  expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
});

test('every span lies in a month, of which it is a day or the whole', async () => {
  await written();
  const [table] = LAKE_TABLES;
  if (table === undefined) throw new Error('the lake has no table');
  const days = ['0001-01-01', '0001-01-31', '0001-02-01', '1970-01-01', '2025-12-31', '2026-01-14'];
  const later = ['2026-01-15', '2026-02-28', '2026-03-01', '9999-12-31'];
  const all = [...days, ...later].map((day) => `(timestamptz '${day} 12:00:00Z')`).join(', ');
  const ask = async (keepFrom: string | null): Promise<unknown[]> => {
    const span = spanSql(table, { openFrom: '2026-03-01', keepFrom });
    const sql = `select ${span} as span from (values ${all}, (null), ('infinity')) as t("${table.time}")`;
    return (await rowsOf((await archive.current()).path, sql)).map(({ span: found }) => found);
  };
  const months = ['2026-01', '2026-01', '2026-02'];
  const ends = ['2026-03-01', '9999-12-31', '0001-01-01', '0001-01-01'];
  const first = ['0001-01-01', '0001-01-31', '0001-02', '1970-01', '2025-12'];
  expect(await ask(null)).toEqual([...first, ...months, ...ends]);
  // A month of which days leave has a file per day.
  expect(await ask('2026-01-15')).toEqual([...days, '2026-01-15', '2026-02', ...ends]);
  expect(await ask('2026-01-01')).toEqual([...days.slice(0, 5), ...months, ...ends]);
});

test.each([
  ['0001-01-01', true],
  ['2026-01', false],
  ['2026-01-14', false],
  ['2026-01-15', true],
  ['2026-02', true],
])('from 2026-01-15 on, %s is kept: %s', (span, kept) => {
  expect(isKept('audit_events', span, '2026-01-15')).toBe(kept);
});

test('days leave out of the file of a month', async () => {
  await written();
  await write({ keepFrom: '2026-02-15' });
  expect(await shown()).toEqual(
    ['0001-01-01', '2026-02-28', '2026-03-02', '2026-03-05'].map(inMonth),
  );
  // Nothing of them stays behind, also not for readers.
  const { replaced } = await manifest();
  expect(replaced).toEqual([]);
  const fixed = await readdir(join(lake, '.files'), { recursive: true });
  expect(fixed.filter((name) => name.includes('2026-01'))).toEqual([]);
  expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
});

describe('the names made from the content', () => {
  test('are the same file as in the folder, stay for one more run, and go with the next', async () => {
    await addAll();
    await write();
    const first = await manifest();
    for (const { path, fixed } of first.files) {
      expect((await stat(join(lake, path))).ino).toBe((await stat(join(lake, fixed))).ino);
    }
    const before = new Map<string, Buffer>();
    for (const { fixed } of first.files) before.set(fixed, await readFile(join(lake, fixed)));
    await add(event('7', '2026-03-05T13:00:00Z'));
    await write();
    for (const [path, bytes] of before) expect(await readFile(join(lake, path))).toEqual(bytes);
    const second = await manifest();
    const gone = first.files.filter(({ span }) => span === '2026-03-05').map(({ fixed }) => fixed);
    expect(second.replaced.map(({ fixed }) => fixed)).toEqual(gone);
    expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
    // A run without news is none.
    await write();
    await stat(join(lake, gone[0] ?? ''));
    await add(event('8', '2026-03-02T13:00:00Z'));
    await write();
    await expect(stat(join(lake, gone[0] ?? ''))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
  });

  test('that are kept for readers are checked, and are no reason to fail for good', async () => {
    await written();
    await add(event('7', '2026-03-05T13:00:00Z'));
    await write();
    const [{ fixed } = { fixed: '' }] = (await manifest()).replaced;
    await writeFile(join(lake, fixed), 'other');
    expect((await verifyLake(archive.home)).faults).toHaveLength(1);
    await rm(join(lake, fixed));
    expect((await verifyLake(archive.home)).faults).toMatchObject([{ what: 'is missing' }]);
    await write();
    expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
  });

  test('do not outlive what was erased', async () => {
    await written();
    await add(event('secret', '2026-03-05T13:00:00Z'));
    await write();
    const secret = (await manifest()).files.find(({ span }) => span === '2026-03-05')?.fixed ?? '';
    archive.batches.pop();
    await archive.load({ fresh: true });
    await write();
    await expect(stat(join(lake, secret))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await manifest()).replaced).toEqual([]);
  });
});

const noLinks = (): Error => Object.assign(new Error('not permitted'), { code: 'EPERM' });

test('a disk without second names gets copies', async () => {
  await addAll();
  const disk = breakDisk(archive.home, ({ operation }) =>
    operation === 'link' ? { done: 'nothing', fail: noLinks } : { done: 'all', fail: null },
  );
  await write().finally(() => disk.restore());
  for (const { path, fixed } of (await manifest()).files) {
    expect(await readFile(join(lake, path))).toEqual(await readFile(join(lake, fixed)));
    expect((await stat(join(lake, path))).nlink).toBe(1);
  }
  expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
});

test('a run that was killed while a month was closed is completed, and until then its folder has no answer', async () => {
  await written();
  const folder = 'audit_events/src=acme/month=2026-02';
  const barrier = `${folder}/read-again.parquet`;
  await writeFile(join(lake, barrier), 'no Parquet');
  await rm(join(lake, folder, '2026-02.parquet'));
  const placing = [barrier, `${folder}/2026-02.parquet`, `${folder}/2026-02-01.parquet`];
  await writeFile(join(lake, '.placing.json'), JSON.stringify(placing));
  const { faults, unfinished } = await verifyLake(archive.home);
  expect([faults, unfinished.map(({ file }) => file)]).toEqual([
    [],
    [`lake/${folder}/2026-02.parquet`, 'lake/.placing.json', `lake/${barrier}`],
  ]);
  await write();
  expect(await shown()).not.toContain('month=2026-02/read-again.parquet');
  expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
  // One that nobody says anything of was put there.
  await writeFile(join(lake, barrier), 'no Parquet');
  expect((await verifyLake(archive.home)).faults).toMatchObject([{ file: `lake/${barrier}` }]);
});

test('rows of a month are compared as those of a day', async () => {
  await written();
  const published = await archive.current();
  const spill = join(archive.home, 'spill');
  const { connection, close } = await openDatabase(
    published.path,
    { spill },
    { access_mode: 'READ_ONLY' },
  );
  const writeIn = join(archive.home, 'rewritten');
  await mkdir(writeIn);
  const ask = { except: new Set<string>(), isKept: () => true, writeIn };
  const right = { connection, memoryMb: 128 };
  expect(await compareManifest(archive.home, await manifest(), right, ask)).toEqual([]);
  const { files, ...about } = await manifest();
  const without = files.filter(({ span }) => span !== '2026-02');
  const cut = await compareManifest(archive.home, { ...about, files: without }, right, ask);
  expect(cut).toEqual([
    {
      file: 'lake/audit_events/src=acme/month=2026-02/2026-02.parquet',
      what: 'is missing: the warehouse has rows of that month',
    },
  ]);
  close();
});
