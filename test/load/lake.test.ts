import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { beforeEach, expect, test } from 'vitest';
import {
  type Compression,
  type LakeOptions,
  verifyLake,
  verifyLakeRows,
  writeLake,
} from '../../src/load/lake/lake.ts';
import { filePath, readManifest } from '../../src/load/lake/manifest.ts';
import { publishedGeneration } from '../../src/load/warehouse/begin.ts';
import { type Item, type Row, TestArchive, rowsOf } from './archive.ts';

const event = (id: string, time: string | null, more: object = {}): Item => ({
  key: id,
  time,
  record: {
    id,
    timestamp: time ?? undefined,
    eventType: 'user.login',
    actor: { id: 'u1' },
    ...more,
  },
});
const user = (id: string, name: string, updatedAt?: string): Item => ({
  key: id,
  record: { id, username: name, email: `${id}@acme.test`, role: 'Member', updatedAt },
});

let archive: TestArchive;
let lake: string;
beforeEach(async () => {
  archive = await TestArchive.make();
  lake = join(archive.home, 'lake');
});

async function write(
  more: Partial<LakeOptions> = {},
): Promise<Awaited<ReturnType<typeof writeLake>>> {
  const published = await archive.load();
  return writeLake({ home: archive.home, published, compression: 'zstd', ...more });
}

const dayOf = (dt: string): string => `audit_events/source=acme/dt=${dt}/data.parquet`;

/** Four files of events, for one has no time, and one with the finding about it. */
async function threeDays(): Promise<void> {
  await archive.add('audit-logs', [
    event('1', '2026-02-01T23:59:59.999Z', {
      actor: { id: 'u2' },
      n: 12345678901234567890n.toString(),
    }),
    event('2', '2026-02-02T00:00:00.000Z', { note: 'naïve – 東京 🚀 "quoted"\n' }),
    {
      key: '3',
      time: '2026-02-02T00:00:00.000Z',
      // More than a double holds, as text so that it arrives here.
      record:
        '{"id":"3","timestamp":"2026-02-02T00:00:00.000Z","eventType":"x","big":9007199254740993}',
    },
    event('4', '2026-02-03T12:00:00.123Z'),
    event('5', null),
  ]);
}

/** Every file of the lake with its hash and its inode, which a rewritten file does not keep. */
async function snapshot(): Promise<Record<string, { sha256: string; inode: number }>> {
  const entries = await readdir(lake, { recursive: true, withFileTypes: true });
  const found: Record<string, { sha256: string; inode: number }> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    found[path.slice(lake.length + 1)] = { sha256, inode: (await stat(path)).ino };
  }
  return found;
}

const hashesOf = (of: Awaited<ReturnType<typeof snapshot>>): [string, string][] =>
  Object.entries(of)
    .map(([path, { sha256 }]): [string, string] => [path, sha256])
    .toSorted(([one], [other]) => one.localeCompare(other));

/** The days whose file is another one than before. */
async function rewrittenSince(before: Awaited<ReturnType<typeof snapshot>>): Promise<string[]> {
  const after = await snapshot();
  return Object.keys(after)
    .filter((path) => path.endsWith('.parquet') && after[path]?.inode !== before[path]?.inode)
    .toSorted();
}

const TEXT_ROWS = `select * replace (details::varchar as details, raw::varchar as raw)
  from audit_events order by occurred_at, event_uid`;
/** In a path DuckDB takes a bracket for a pattern. */
const lakeSql = (table: string): string =>
  `read_parquet('${lake.replaceAll("'", "''").replaceAll('[', '[[]')}/${table}/**/*.parquet', hive_partitioning = true)`;

test('DuckDB reads the rows of the warehouse, each in its day', async () => {
  await threeDays();
  await archive.add('users', [user('u1', 'Änn'), user('u2', 'Bob')], {
    context: { active: 'true' },
  });
  const published = await archive.load();
  const done = await writeLake({ home: archive.home, published, compression: 'zstd' });
  expect(done).toMatchObject({ seq: 2, files: 6, rows: 8, removed: 0 });
  const file = published.path;
  const expected = await rowsOf(file, TEXT_ROWS);
  expect(expected).toHaveLength(5);
  const read = TEXT_ROWS.replace('audit_events', lakeSql('audit_events')).replace(
    '* ',
    '* exclude (dt) ',
  );
  expect(await rowsOf(file, read)).toEqual(expected);
  const history =
    'source, entity_type, entity_id, name, "attributes"::varchar as a, valid_from, seq';
  const versions = await rowsOf(file, `select ${history} from entity_history order by 3`);
  expect(
    await rowsOf(file, `select ${history} from ${lakeSql('entity_history')} order by 3`),
  ).toEqual(versions);
  const days = `select dt::varchar as dt, count(*) as n from ${lakeSql('audit_events')} group by 1 order by 1`;
  expect((await rowsOf(file, days)).map(Object.values)).toEqual([
    ['0001-01-01', 1],
    ['2026-02-01', 1],
    ['2026-02-02', 2],
    ['2026-02-03', 1],
  ]);
});

/** Values as two readers agree on them: instants as ISO 8601, whole numbers as numbers. */
function plain(row: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value instanceof Date) return [name, value.toISOString()];
      if (typeof value === 'bigint') return [name, Number(value)];
      if (name.endsWith('_at') && typeof value === 'number')
        return [name, new Date(value).toISOString()];
      return [name, (value ?? null) as Row[string]];
    }),
  );
}

const byUid = (one: Row, other: Row): number =>
  JSON.stringify(one['event_uid']).localeCompare(JSON.stringify(other['event_uid']));

test.each(['zstd', 'snappy', 'gzip'] as const)(
  'hyparquet reads all columns (%s)',
  async (compression) => {
    await threeDays();
    const published = await archive.load();
    await writeLake({ home: archive.home, published, compression });
    const expected = await rowsOf(published.path, TEXT_ROWS);
    const found: Row[] = [];
    for (const path of Object.keys(await snapshot()).filter((name) =>
      name.startsWith('audit_events'),
    )) {
      const bytes = await readFile(join(lake, path));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      const rows = await parquetReadObjects({ file, compressors });
      found.push(...rows.map(plain));
    }
    expect(found.toSorted(byUid)).toEqual(expected.toSorted(byUid));
  },
);

type ParquetJs = {
  ParquetReader: {
    openFile(path: string): Promise<{
      getCursor(): { next(): Promise<Record<string, unknown> | null> };
      close(): Promise<void>;
    }>;
  };
};

/** parquetjs-lite leaves out what is null. */
const given = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

test('parquetjs-lite reads all columns', async () => {
  await threeDays();
  const published = await archive.load();
  await writeLake({ home: archive.home, published, compression: 'snappy' });
  const expected = await rowsOf(published.path, TEXT_ROWS);
  const { ParquetReader } = createRequire(import.meta.url)('parquetjs-lite') as ParquetJs;
  const found: Row[] = [];
  for (const path of Object.keys(await snapshot()).filter((name) =>
    name.startsWith('audit_events'),
  )) {
    const reader = await ParquetReader.openFile(join(lake, path));
    const cursor = reader.getCursor();
    for (let row = await cursor.next(); row !== null; row = await cursor.next())
      found.push(plain(row));
    await reader.close();
  }
  expect(found.toSorted(byUid).map(given)).toEqual(expected.toSorted(byUid).map(given));
});

test('a late event rewrites its day, and a rerun nothing', async () => {
  await threeDays();
  await write();
  const before = await snapshot();
  expect(await write()).toEqual({ seq: 1, files: 0, rows: 0, removed: 0 });
  expect(await snapshot()).toEqual(before);
  await archive.add('audit-logs', [event('late', '2026-02-02T07:00:00Z')]);
  expect(await write()).toEqual({ seq: 2, files: 1, rows: 3, removed: 0 });
  expect(await rewrittenSince(before)).toEqual([dayOf('2026-02-02')]);
  const after = await snapshot();
  expect(await write({ all: true })).toMatchObject({ files: 5, rows: 7 });
  expect(hashesOf(await snapshot())).toEqual(hashesOf(after));
  expect(await rewrittenSince(after)).toHaveLength(5);
  expect(await verifyLake(archive.home)).toEqual({ files: 5, faults: [] });
});

test('a name learned later rewrites the days that show it', async () => {
  await threeDays();
  await write();
  const before = await snapshot();
  const at = '2026-02-03T00:00:00Z';
  await archive.add('users', [user('u2', 'Bob')], { at, context: { active: 'true' } });
  await write();
  const history = 'entity_history/source=acme/dt=2026-02-03/data.parquet';
  expect(await rewrittenSince(before)).toEqual([dayOf('2026-02-01'), history]);
  await archive.add('users', [user('u1', 'Ann')], { at, context: { active: 'true' } });
  await write();
  const named = await snapshot();
  const renamed = user('u1', 'Anna', '2026-02-03T06:00:00Z');
  await archive.add('users', [renamed], {
    at: '2026-02-04T00:00:00Z',
    context: { active: 'true' },
  });
  await write();
  // The second name holds from the change on: earlier days keep the first.
  expect(await rewrittenSince(named)).toEqual([dayOf('2026-02-03'), history]);
});

test('another compression or mapping, and a lost manifest, write everything again', async () => {
  await threeDays();
  await write();
  expect(await write({ compression: 'gzip' })).toMatchObject({ files: 5 });
  expect(await write({ compression: 'gzip', transformVersion: 'other' })).toMatchObject({
    files: 5,
  });
  const again = { compression: 'gzip' as Compression, transformVersion: 'other' };
  const whole = await snapshot();
  for (const damage of ['', '{"version":1,', '{"version":2}']) {
    await writeFile(join(lake, 'manifest.json'), damage);
    expect(await write(again)).toMatchObject({ files: 5, removed: 0 });
    expect(hashesOf(await snapshot())).toEqual(hashesOf(whole));
  }
});

test('what a killed run left behind is repaired', async () => {
  await threeDays();
  await write();
  const whole = await snapshot();
  const day = join(lake, dayOf('2026-02-02'));
  const bytes = await readFile(day);
  const stray = join(lake, 'audit_events/source=gone/dt=2020-01-01/data.parquet');
  await mkdir(dirname(stray), { recursive: true });
  await writeFile(stray, 'old');
  await mkdir(join(lake, '.staged'));
  await writeFile(join(lake, '.staged/half'), 'half');
  await rm(join(lake, dayOf('2026-02-01')));
  await writeFile(join(lake, dayOf('2026-02-03')), 'short');
  // Another file of the same size, put there by a run that did not live to say so.
  await writeFile(join(lake, '.placing.json'), JSON.stringify([dayOf('2026-02-02')]));
  await writeFile(day, Buffer.alloc(bytes.length));
  expect(await write()).toEqual({ seq: 1, files: 3, rows: 4, removed: 1 });
  expect(hashesOf(await snapshot())).toEqual(hashesOf(whole));
  expect(await readdir(join(lake, 'audit_events'))).toEqual(['source=acme']);
  await writeFile(join(lake, '.placing.json'), 'torn');
  expect(await write()).toMatchObject({ files: 5, removed: 0 });
  expect(hashesOf(await snapshot())).toEqual(hashesOf(whole));
});

test('days without rows go, and what is not ours stays', async () => {
  await threeDays();
  await archive.add('audit-logs', [event('6', '2026-05-01T00:00:00Z')]);
  await write();
  archive.batches.pop();
  await writeFile(join(lake, 'audit_events/README'), 'mine');
  const published = await archive.load({ fresh: true });
  const done = await writeLake({ home: archive.home, published, compression: 'zstd' });
  expect(done).toEqual({ seq: 1, files: 0, rows: 0, removed: 1 });
  expect(await readdir(join(lake, 'audit_events/source=acme'))).not.toContain('dt=2026-05-01');
  expect(await readFile(join(lake, 'audit_events/README'), 'utf8')).toBe('mine');
});

test('a reader in a loop always finds a whole file', async () => {
  await threeDays();
  await write();
  const day = join(lake, dayOf('2026-02-02'));
  const seen = new Set<number>();
  const written = new AbortController();
  const reading = (async () => {
    for (let turn = 0; turn === 0 || !written.signal.aborted; turn++) {
      const bytes = await readFile(day);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      seen.add((await parquetReadObjects({ file, compressors })).length);
    }
  })();
  for (let turn = 0; turn < 3; turn++) {
    await archive.add('audit-logs', [event(`late-${turn}`, '2026-02-02T07:00:00Z')]);
    await write();
  }
  written.abort();
  await reading;
  expect([2, 3, 4, 5]).toEqual(expect.arrayContaining([...seen]));
});

test('a stopped run leaves the lake as it was', async () => {
  await threeDays();
  await write();
  const before = await snapshot();
  await archive.add('audit-logs', [
    event('late', '2026-02-02T07:00:00Z'),
    event('l2', '2026-04-02T07:00:00Z'),
  ]);
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  await expect(write({ signal: stop.signal, onProgress })).rejects.toMatchObject({
    code: 'stopped',
  });
  expect(await snapshot()).toEqual(before);
  expect(await write()).toMatchObject({ files: 2 });
});

test('verify finds altered, missing and stray files, and no lake is in order', async () => {
  expect(await verifyLake(archive.home)).toEqual({ files: 0, faults: [] });
  await threeDays();
  await write();
  const altered = join(lake, dayOf('2026-02-02'));
  const bytes = await readFile(altered);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await writeFile(altered, bytes);
  await rm(join(lake, dayOf('2026-02-01')));
  await writeFile(join(lake, 'audit_events/other'), '');
  expect(await verifyLake(archive.home)).toEqual({
    files: 5,
    faults: [
      { file: `lake/${dayOf('2026-02-01')}`, what: 'is missing' },
      { file: `lake/${dayOf('2026-02-02')}`, what: 'is altered: its SHA-256 differs' },
      {
        file: 'lake/audit_events/other',
        what: expect.stringContaining('is not in the manifest') as string,
      },
    ],
  });
  await writeFile(join(lake, 'manifest.json'), '{');
  expect((await verifyLake(archive.home)).faults.map(({ file }) => file)).toEqual([
    'lake/manifest.json',
  ]);
});

test('a name that would lead elsewhere is refused', () => {
  for (const source of [null, '', '..', '../x', 'A', 'a/b', 'a b']) {
    expect(() => filePath('audit_events', source, '2026-01-01')).toThrow('cannot be the name');
  }
  expect(() => filePath('audit_events', 'acme', '-infinity')).toThrow('cannot be the name');
});

/** The days of events that the manifest names. */
const days = async (): Promise<string[]> =>
  (await readManifest(lake))?.files
    .filter((file) => file.table === 'audit_events')
    .map((file) => file.dt) ?? [];

test('days older than the lake keeps them go, come back, and take nothing else with them', async () => {
  await threeDays();
  await write();
  const all = await days();
  expect(all).toEqual(['0001-01-01', '2026-02-01', '2026-02-02', '2026-02-03']);
  const published = await publishedGeneration(archive.home);
  if (published === null) throw new Error('nothing is published');
  const options: LakeOptions = { home: archive.home, published, compression: 'zstd' };
  const cut = await writeLake({ ...options, keepFrom: '2026-02-02' });
  expect(cut).toMatchObject({ files: 0, removed: 1 });
  expect(await days()).toEqual(['0001-01-01', '2026-02-02', '2026-02-03']);
  expect(await writeLake({ ...options, keepFrom: '2026-02-02' })).toMatchObject({
    files: 0,
    removed: 0,
  });
  expect((await verifyLake(archive.home)).faults).toEqual([]);

  await archive.add('audit-logs', [event('6', '2026-02-03T13:00:00.000Z')]);
  await write();
  expect(await days()).toEqual(all);
});

test('a lake that was altered together with its manifest is not taken for the warehouse’s', async () => {
  await threeDays();
  await write();
  const published = await publishedGeneration(archive.home);
  if (published === null) throw new Error('nothing is published');
  const rows = (): ReturnType<typeof verifyLakeRows> =>
    verifyLakeRows(archive.home, published, null);
  expect(await rows()).toEqual({ faults: [], behind: null });

  const [one, two, gone] = ['2026-02-01', '2026-02-02', '2026-02-03'].map(dayOf);
  await writeFile(join(lake, one ?? ''), await readFile(join(lake, two ?? '')));
  await rm(join(lake, gone ?? ''));
  const manifest = await readManifest(lake);
  if (manifest === null) throw new Error('there is no manifest');
  const files = manifest.files.filter((file) => file.path !== gone);
  for (const file of files) {
    const content = await readFile(join(lake, file.path));
    file.bytes = content.length;
    file.sha256 = createHash('sha256').update(content).digest('hex');
  }
  await writeFile(join(lake, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  expect((await verifyLake(archive.home)).faults).toEqual([]);
  expect((await rows()).faults).toEqual([
    { file: `lake/${one}`, what: 'has other rows than the warehouse' },
    { file: `lake/${gone}`, what: 'is missing: the warehouse has rows of that day' },
  ]);
});
