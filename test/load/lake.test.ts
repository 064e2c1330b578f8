import { createHash } from 'node:crypto';
import {
  copyFile,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Compression, type LakeOptions, writeLake } from '../../src/load/lake/lake.ts';
import { openDatabase } from '../../src/load/database.ts';
import { compareFiles, compareManifest } from '../../src/load/lake/compare.ts';
import {
  LAYOUT,
  type LakeFile,
  lookForManifest,
  readManifest,
  writeManifest,
} from '../../src/load/lake/manifest.ts';
import { fixedPath, shownPath } from '../../src/load/lake/paths.ts';
import { type LakeFault, verifyLake } from '../../src/load/lake/verify.ts';
import { publishedGeneration } from '../../src/load/warehouse/begin.ts';
import { few, long, placesTried } from '../long.ts';
import { type Item, type Row, TestArchive, rowsOf } from './archive.ts';
import { forgeManifest } from './forged-note.ts';

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

/** Every day has its file. */
const ALL_OPEN = '2000-01-01';

let archive: TestArchive;
let lake: string;
beforeEach(async () => {
  archive = await TestArchive.make();
  lake = join(archive.home, 'lake');
});

async function write(
  more: Partial<LakeOptions> = {},
): Promise<Awaited<ReturnType<typeof writeLake>>> {
  const published = await archive.current();
  return writeLake({
    home: archive.home,
    published,
    compression: 'zstd',
    openFrom: ALL_OPEN,
    ...more,
  });
}

/** With the three days in its lake. */
let template: TestArchive;
beforeAll(async () => {
  template = await TestArchive.open();
  archive = template;
  await threeDays();
  await write();
});
afterAll(() => rm(template.home, { recursive: true, force: true }));

const dayOf = (dt: string): string => `audit_events/src=acme/month=${dt.slice(0, 7)}/${dt}.parquet`;

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

const isShown = (path: string): boolean => /^[a-z_]+\/.*\.parquet$/.test(path);

const shownIn = (of: Awaited<ReturnType<typeof snapshot>>): [string, string][] =>
  hashesOf(of).filter(([path]) => isShown(path));

/** The days whose file is another one than before. */
async function rewrittenSince(before: Awaited<ReturnType<typeof snapshot>>): Promise<string[]> {
  const after = await snapshot();
  return Object.keys(after)
    .filter((path) => isShown(path) && after[path]?.inode !== before[path]?.inode)
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
  const done = await writeLake({
    home: archive.home,
    published,
    compression: 'zstd',
    openFrom: ALL_OPEN,
  });
  expect(done).toMatchObject({ seq: 2, files: 6, rows: 8, removed: 0 });
  const file = published.path;
  const expected = await rowsOf(file, TEXT_ROWS);
  expect(expected).toHaveLength(5);
  const read = TEXT_ROWS.replace('audit_events', lakeSql('audit_events')).replace(
    '* ',
    '* exclude (src, month) ',
  );
  expect(await rowsOf(file, read)).toEqual(expected);
  const history =
    'source, entity_type, entity_id, name, "attributes"::varchar as a, valid_from, seq';
  const versions = await rowsOf(file, `select ${history} from entity_history order by 3`);
  expect(
    await rowsOf(file, `select ${history} from ${lakeSql('entity_history')} order by 3`),
  ).toEqual(versions);
  const days = `select regexp_extract(filename, '[0-9-]{10}') as day, count(*) as n from ${lakeSql('audit_events').replace(')', ', filename = true)')} group by 1 order by 1`;
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

test.each(few(1, ['zstd', 'snappy', 'gzip'] as const))(
  'hyparquet reads all columns (%s)',
  async (compression) => {
    await archive.take(template);
    if (compression !== 'zstd') await write({ compression });
    const expected = await rowsOf((await archive.current()).path, TEXT_ROWS);
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

long('parquetjs-lite reads all columns', async () => {
  await threeDays();
  const published = await archive.load();
  await writeLake({ home: archive.home, published, compression: 'snappy', openFrom: ALL_OPEN });
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
  await archive.take(template);
  const before = await snapshot();
  expect(await write()).toEqual({ seq: 1, files: 0, rows: 0, removed: 0 });
  expect(await snapshot()).toEqual(before);
  await archive.add('audit-logs', [event('late', '2026-02-02T07:00:00Z')]);
  expect(await write()).toEqual({ seq: 2, files: 1, rows: 3, removed: 0 });
  expect(await rewrittenSince(before)).toEqual([dayOf('2026-02-02')]);
  const after = await snapshot();
  expect(await write({ all: true })).toMatchObject({ files: 5, rows: 7 });
  expect(shownIn(await snapshot())).toEqual(shownIn(after));
  expect(await rewrittenSince(after)).toHaveLength(5);
  expect(await verifyLake(archive.home)).toMatchObject({ files: 5, faults: [], unfinished: [] });
});

test('a name learned later rewrites the days that show it', async () => {
  await archive.take(template);
  const before = await snapshot();
  const at = '2026-02-03T00:00:00Z';
  await archive.add('users', [user('u2', 'Bob')], { at, context: { active: 'true' } });
  await write();
  const history = 'entity_history/src=acme/month=2026-02/2026-02-03.parquet';
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
  await archive.take(template);
  expect(await write({ compression: 'gzip' })).toMatchObject({ files: 5 });
  expect(await write({ compression: 'gzip', transformVersion: 'other' })).toMatchObject({
    files: 5,
  });
  const again = { compression: 'gzip' as Compression, transformVersion: 'other' };
  const whole = await snapshot();
  for (const damage of few(1, ['{"version":1,', '{"version":2}', ''])) {
    await writeFile(join(lake, 'manifest.json'), damage);
    expect(await write(again)).toMatchObject({ files: 5, removed: 0 });
    expect(hashesOf(await snapshot())).toEqual(hashesOf(whole));
  }
});

test('what a killed run left behind is repaired', async () => {
  await archive.take(template);
  const whole = await snapshot();
  const day = join(lake, dayOf('2026-02-02'));
  const bytes = await readFile(day);
  const stray = join(lake, 'audit_events/src=gone/month=2020-01/2020-01-01.parquet');
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
  expect(await readdir(join(lake, 'audit_events'))).toEqual(['src=acme']);
  await writeFile(join(lake, '.placing.json'), 'torn');
  expect(await write()).toMatchObject({ files: 5, removed: 0 });
  expect(hashesOf(await snapshot())).toEqual(hashesOf(whole));
});

/** The lake as it was laid out before: up to version 0.1 with folders `source=`, then `src=`, and a folder per day. */
const LAYOUTS = { 1: 'source', 2: 'src' } as const;
type Former = keyof typeof LAYOUTS;

const former = (version: Former, path: string): string =>
  path.replace(
    /src=(\w+)\/month=[0-9-]+\/([0-9-]+)\.parquet/,
    `${LAYOUTS[version]}=$1/dt=$2/data.parquet`,
  );

async function asBefore(version: Former): Promise<void> {
  const manifest = await readManifest(lake);
  if (manifest === null) throw new Error('there is no manifest');
  const files = [];
  for (const { path, fixed: _, span, ...file } of manifest.files) {
    const before = former(version, path);
    await mkdir(dirname(join(lake, before)), { recursive: true });
    await rename(join(lake, path), join(lake, before));
    files.push({ ...file, dt: span, path: before });
  }
  await rm(join(lake, '.files'), { recursive: true });
  for (const { path } of manifest.files) await removeEmpty(dirname(join(lake, path)));
  const { seq, transform_version, schema_version, compression } = manifest;
  const about = { version, seq, transform_version, schema_version, compression };
  const lines = files.map((file) => JSON.stringify(file)).join(',\n');
  await writeFile(
    join(lake, 'manifest.json'),
    `${JSON.stringify(about).slice(0, -1)},"files":[\n${lines}\n]}\n`,
  );
}

/** Several files may have lain there. */
async function removeEmpty(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => ['none'])).length === 0) await rmdir(folder);
}

test('a lake of the layout 3, whose files have the same names, is outdated and no fault, and is written anew', async () => {
  await archive.take(template);
  const whole = hashesOf(await snapshot());
  const manifest = await readManifest(lake);
  if (manifest === null) throw new Error('there is no manifest');
  const { files, ...about } = { ...manifest, version: 3 };
  const lines = files.map(({ path, fixed, ...file }) =>
    JSON.stringify({ ...file, path: fixed, link: path }),
  );
  await writeFile(
    join(lake, 'manifest.json'),
    `${JSON.stringify(about).slice(0, -1)},"files":[\n${lines.join(',\n')}\n]}\n`,
  );
  expect(await verifyLake(archive.home)).toMatchObject({
    manifest: null,
    faults: [],
    unfinished: [{ file: 'lake/manifest.json' }],
  });
  expect(await write()).toMatchObject({ files: 5, removed: 0 });
  expect(hashesOf(await snapshot())).toEqual(whole);
  expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
});

describe.each(few(1, [2, 1] as const))('a lake of the layout %s', (version) => {
  const before = (dt: string): string => former(version, dayOf(dt));
  const outdated = {
    file: 'lake/manifest.json',
    what: expect.stringContaining('the next sync writes the lake again') as string,
  };

  test('is outdated and no fault, and is written anew', async () => {
    await archive.take(template);
    const whole = hashesOf(await snapshot());
    await asBefore(version);
    expect(await verifyLake(archive.home)).toMatchObject({
      files: 5,
      manifest: null,
      faults: [],
      unfinished: [outdated],
    });
    expect(await write()).toEqual({ seq: 1, files: 5, rows: 6, removed: 5 });
    expect(hashesOf(await snapshot())).toEqual(whole);
    expect(await readdir(join(lake, 'audit_events'))).toEqual(['src=acme']);
    expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
  });

  test('that was altered has a fault', async () => {
    await archive.take(template);
    await asBefore(version);
    await writeFile(join(lake, before('2026-02-02')), 'other');
    await rm(join(lake, before('2026-02-01')));
    expect((await faultsOf()).map(({ file }) => file)).toEqual(
      ['2026-02-01', '2026-02-02'].map((dt) => `lake/${before(dt)}`),
    );
  });

  test('that a killed run left is unfinished', async () => {
    await archive.take(template);
    await asBefore(version);
    const [placed, day] = ['2026-02-02', '2026-05-01'].map(before) as [string, string];
    await mkdir(dirname(join(lake, day)), { recursive: true });
    await writeFile(join(lake, day), 'new');
    await writeFile(join(lake, placed), 'new');
    await writeFile(join(lake, '.placing.json'), JSON.stringify([placed, day]));
    const verdict = await verifyLake(archive.home);
    expect(verdict).toMatchObject({ faults: [], replaced: [] });
    expect(await write()).toMatchObject({ files: 5, removed: 6 });
    expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
  });

  test('cannot be mixed with the present one', async () => {
    await archive.take(template);
    const manifest = join(lake, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(`{"version":${LAYOUT},`, `{"version":${version},`));
    expect((await faultsOf()).map(({ file }) => file)).toEqual(['lake/manifest.json']);
  });
});

test('days without rows go, and what is not ours stays', async () => {
  await threeDays();
  await archive.add('audit-logs', [event('6', '2026-05-01T00:00:00Z')], {
    at: '2026-05-02T00:00:00Z',
  });
  await write();
  archive.batches.pop();
  await writeFile(join(lake, 'audit_events/README'), 'mine');
  const published = await archive.load({ fresh: true });
  const done = await writeLake({
    home: archive.home,
    published,
    compression: 'zstd',
    openFrom: ALL_OPEN,
  });
  expect(done).toEqual({ seq: 1, files: 0, rows: 0, removed: 1 });
  expect(await readdir(join(lake, 'audit_events/src=acme'))).not.toContain('month=2026-05');
  expect(await readFile(join(lake, 'audit_events/README'), 'utf8')).toBe('mine');
});

// lake-while-read.test.ts has readers that ask more.
long('a reader in a loop always finds a whole file', async () => {
  await archive.take(template);
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
  await archive.take(template);
  const before = await snapshot();
  await archive.add(
    'audit-logs',
    [event('late', '2026-02-02T07:00:00Z'), event('l2', '2026-04-02T07:00:00Z')],
    { at: '2026-04-03T00:00:00Z' },
  );
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  await expect(write({ signal: stop.signal, onProgress })).rejects.toMatchObject({
    code: 'stopped',
  });
  expect(await snapshot()).toEqual(before);
  expect(await write()).toMatchObject({ files: 2 });
});

const faultsOf = async (): Promise<LakeFault[]> => (await verifyLake(archive.home)).faults;

test('verify finds altered, missing and stray files, and no lake is in order', async () => {
  expect(await verifyLake(archive.home)).toMatchObject({ files: 0, faults: [], unfinished: [] });
  await archive.take(template);
  const altered = join(lake, dayOf('2026-02-02'));
  const bytes = await readFile(altered);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await writeFile(altered, bytes);
  await rm(join(lake, dayOf('2026-02-01')));
  await writeFile(join(lake, 'audit_events/other'), '');
  expect(await verifyLake(archive.home)).toMatchObject({
    files: 5,
    faults: [
      { file: `lake/${dayOf('2026-02-01')}`, what: 'is missing' },
      { file: `lake/${dayOf('2026-02-02')}`, what: 'is altered: its SHA-256 differs' },
      {
        file: 'lake/audit_events/other',
        what: expect.stringContaining('is not in the manifest') as string,
      },
    ],
    unfinished: [],
  });
  const manifest = join(lake, 'manifest.json');
  const text = await readFile(manifest, 'utf8');
  for (const forged of ['{', text.replace('"rows":1', '"rows": 1'), text.trimEnd()]) {
    await writeFile(manifest, forged);
    expect((await faultsOf()).map(({ file }) => file)).toEqual(['lake/manifest.json']);
  }
});

test('a manifest of which a bit was flipped is none', async () => {
  await archive.take(template);
  const manifest = join(lake, 'manifest.json');
  const noted = await readFile(manifest);
  for (const bit of placesTried(noted.length * 8, 0, 53)) {
    const flipped = Buffer.from(noted);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await writeFile(manifest, flipped);
    const found = await lookForManifest(lake);
    if (found !== 'broken') expect({ bit, flipped: flipped.toString(), found }).toBe('broken');
  }
});

test('what a killed run left is unfinished, and only that', async () => {
  await archive.take(template);
  const [one, two, three] = ['2026-02-01', '2026-02-02', '2026-02-03'].map(dayOf) as [
    string,
    string,
    string,
  ];
  await mkdir(join(lake, '.staged'));
  const left = [
    '.placing.json',
    '.placing.json.tmp',
    `.staged/${one.replaceAll('/', '+')}.staged`,
    'manifest.json.tmp',
  ];
  for (const path of left) await writeFile(join(lake, path), JSON.stringify([one, two]));
  // One of the two was replaced already, the other removed.
  await writeFile(join(lake, one), 'new');
  await rm(join(lake, two));
  const verdict = await verifyLake(archive.home);
  expect(verdict).toMatchObject({ faults: [], replaced: [one] });
  const unfinished = verdict.unfinished.map(({ file }) => file);
  expect(unfinished.toSorted()).toEqual([...left, two].map((path) => `lake/${path}`).toSorted());

  // Nobody but a reader would look for these.
  const strange = ['.staged/data.parquet', '.staged/a/b.staged', '.placing.json/x', three];
  await rm(join(lake, '.placing.json'));
  for (const path of strange) {
    await mkdir(dirname(join(lake, path)), { recursive: true });
    await writeFile(join(lake, path), 'x');
  }
  expect((await faultsOf()).map(({ file }) => file)).toEqual(
    expect.arrayContaining(strange.map((path) => `lake/${path}`)),
  );
});

test('a name that would lead elsewhere is refused', () => {
  for (const source of [null, '', '..', '../x', 'A', 'a/b', 'a b']) {
    expect(() => shownPath('audit_events', source, '2026-01-01')).toThrow('cannot be the name');
  }
  expect(() => shownPath('audit_events', 'acme', '-infinity')).toThrow('cannot be the name');
});

/** The days of events that the manifest names. */
const days = async (): Promise<string[]> =>
  (await readManifest(lake))?.files
    .filter((file) => file.table === 'audit_events')
    .map((file) => file.span) ?? [];

test('days older than the lake keeps them go, come back, and take nothing else with them', async () => {
  await archive.take(template);
  const all = await days();
  expect(all).toEqual(['0001-01-01', '2026-02-01', '2026-02-02', '2026-02-03']);
  const published = await publishedGeneration(archive.home);
  if (published === null) throw new Error('nothing is published');
  const options: LakeOptions = {
    home: archive.home,
    published,
    compression: 'zstd',
    openFrom: ALL_OPEN,
  };
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

/** What is wrong with the rows of the lake, or of some of its files. */
async function rowFaults(paths?: string[]): Promise<LakeFault[]> {
  const published = await publishedGeneration(archive.home);
  const manifest = await readManifest(lake);
  if (published === null || manifest === null) throw new Error('there is nothing to compare');
  const spill = join(archive.home, 'spill');
  const { connection, close } = await openDatabase(published.path, { spill }, READ_ONLY);
  try {
    const right = { connection, memoryMb: 128 };
    const writeIn = join(archive.home, 'rewritten');
    await mkdir(writeIn, { recursive: true });
    const ask = { except: new Set<string>(), isKept: () => true, writeIn };
    return paths === undefined
      ? await compareManifest(archive.home, manifest, right, ask)
      : await compareFiles(archive.home, paths, right);
  } finally {
    close();
  }
}

const READ_ONLY = { access_mode: 'READ_ONLY' };

/** Writes the manifest so that it has the hashes of the files as they are now in the folder. */
async function fitManifest(edit: (file: LakeFile) => LakeFile[] = (file) => [file]): Promise<void> {
  const manifest = await readManifest(lake);
  if (manifest === null) throw new Error('there is no manifest');
  const files = manifest.files.flatMap(edit);
  for (const { fixed } of manifest.files) await rm(join(lake, fixed));
  for (const file of files) {
    const content = await readFile(join(lake, file.path));
    file.bytes = content.length;
    file.sha256 = createHash('sha256').update(content).digest('hex');
    file.fixed = fixedPath(file.path, file.sha256);
    await writeFile(join(lake, file.fixed), content);
  }
  await writeManifest(lake, { ...manifest, files });
  expect(await faultsOf()).toEqual([]);
}

/** Puts other rows into a day, by SQL over those that are there. */
async function rewrite(path: string, sql: string, more = 'compression zstd'): Promise<void> {
  const [file, aside] = [join(lake, path), join(tmpdir(), `auditlake-day-${process.pid}`)];
  await copyFile(file, aside);
  const { connection, close } = await openDatabase(':memory:', {
    spill: `${aside}.spill`,
    memoryMb: 2048,
  });
  await connection.run(
    `create view day as from read_parquet('${aside}', hive_partitioning = false)`,
  );
  await connection.run(`copy (${sql}) to '${aside}.new' (format parquet, ${more})`);
  close();
  await copyFile(`${aside}.new`, file);
  for (const made of [aside, `${aside}.new`]) await rm(made);
}

const OTHER_ROWS = 'has other rows than the warehouse';

test('a lake that was altered together with its manifest is not taken for the warehouse’s', async () => {
  await archive.take(template);
  expect(await rowFaults()).toEqual([]);
  const [one, two, gone] = ['2026-02-01', '2026-02-02', '2026-02-03'].map(dayOf);
  await writeFile(join(lake, one ?? ''), await readFile(join(lake, two ?? '')));
  await rm(join(lake, gone ?? ''));
  await fitManifest((file) => (file.path === gone ? [] : [file]));
  expect(await rowFaults()).toEqual([
    { file: `lake/${gone}`, what: 'is missing: the warehouse has rows of that day' },
    { file: `lake/${one}`, what: OTHER_ROWS },
  ]);
});

describe('a row that was forged', () => {
  const cases = few<[what: string, sql: string, found: string]>(2, [
    [
      'a row in the place of another',
      "from day where event_id = '2' union all from day where event_id = '2'",
      OTHER_ROWS,
    ],
    ['a column less', 'select * exclude (raw) from day', 'has other columns than the warehouse'],
    [
      'other white space in what was served',
      "select * replace (raw || ' ' as raw) from day",
      OTHER_ROWS,
    ],
    [
      'another actor in one row of two',
      "select * replace (if(event_id = '2', 'x', actor_id) as actor_id) from day",
      OTHER_ROWS,
    ],
    ['no row', 'from day where false', OTHER_ROWS],
    ['another actor', "select * replace ('innocent' as actor_id) from day", OTHER_ROWS],
    [
      'a null where there was none',
      'select * replace (null::varchar as action) from day',
      OTHER_ROWS,
    ],
    ['a value where there was none', "select * replace ('x' as team_id) from day", OTHER_ROWS],
    ['a row twice', 'from day union all (from day limit 1)', OTHER_ROWS],
    ['a row less', "from day where event_id = '2'", OTHER_ROWS],
    ['a column more', 'select *, 1 as more from day', 'has other columns than the warehouse'],
    [
      'another type',
      'select * replace (seq::double as seq) from day',
      'has other columns than the warehouse',
    ],
    [
      'another order of columns',
      'select raw, * exclude (raw) from day',
      'has other columns than the warehouse',
    ],
  ]);
  test(`is found: ${cases.map(([what]) => what).join(', ')}`, async () => {
    await archive.take(template);
    const day = dayOf('2026-02-02');
    const right = await readFile(join(lake, day));
    for (const [what, sql, found] of cases) {
      await rewrite(day, sql);
      const fault = { file: `lake/${day}`, what: found };
      // What a killed run replaced is compared as well, whatever the manifest says.
      const replaced = await rowFaults([day, dayOf('2026-02-01')]);
      await fitManifest();
      const named = await rowFaults();
      expect({ what, replaced, named }).toEqual({ what, replaced: [fault], named: [fault] });
      await writeFile(join(lake, day), right);
    }
  });

  test('the right rows in other bytes are found: a reader may look at what others do not', async () => {
    await archive.take(template);
    const day = dayOf('2026-02-02');
    await rewrite(day, 'from day', "kv_metadata { pandas: '{}' }");
    await fitManifest();
    expect(await rowFaults()).toEqual([
      { file: `lake/${day}`, what: expect.stringContaining('not as auditlake writes them') },
    ]);
    // Of what another version wrote only the rows can be compared. The next run writes it anew.
    await forgeManifest(lake, (text) => text.replace(/"engine":"[^"]+"/, '"engine":"v1.0.0"'));
    expect(await rowFaults()).toEqual([]);
    expect(await write()).toMatchObject({ files: 5 });
    expect(await rowFaults()).toEqual([]);
  });

  test('a span that the manifest names twice, and another content under a name that was kept', async () => {
    await archive.take(template);
    const text = await readFile(join(lake, 'manifest.json'), 'utf8');
    const [, first = ''] = text.split('\n');
    await forgeManifest(lake, (was) => was.replace(`${first}\n`, `${first}\n${first}\n`));
    const broken = [{ file: 'lake/manifest.json', what: expect.stringContaining('not as') }];
    expect(await faultsOf()).toMatchObject(broken);
    await writeFile(join(lake, 'manifest.json'), text);
    await archive.add('audit-logs', [event('9', '2026-02-02T13:00:00.000Z')]);
    await write();
    expect((await readManifest(lake))?.replaced).toHaveLength(1);
    expect(await faultsOf()).toEqual([]);
    const forged = `"sha256":"${'f'.repeat(64)}"`;
    await forgeManifest(lake, (was) => was.replace(/"sha256":"[0-9a-f]{64}"/, forged));
    expect(await faultsOf()).toMatchObject(broken);
  });

  test('a small file that stands for more than fits into memory is found without that memory', async () => {
    await archive.take(template);
    const day = dayOf('2026-02-02');
    await rewrite(
      day,
      "select * replace (repeat('x', 70_000_000) as raw) from day",
      'compression snappy',
    );
    await fitManifest();
    expect(await rowFaults()).toEqual([
      { file: `lake/${day}`, what: expect.stringContaining('holds more than it should') },
    ]);
  });

  test('a file that is no Parquet is told from the others that it is read with', async () => {
    await archive.take(template);
    await writeFile(join(lake, dayOf('2026-02-02')), 'PAR1 no PAR1');
    await fitManifest();
    const what = expect.stringContaining('cannot be read') as string;
    expect(await rowFaults()).toEqual([{ file: `lake/${dayOf('2026-02-02')}`, what }]);
  });

  test('rows that are equal in every column are counted', async () => {
    const at = '2026-02-02T00:00:00.000Z';
    const clock = [1, 1, 2].map((n) => ({ finding: 'clock', at, what: `${n}` }));
    await archive.add('audit-logs', [event('1', at), ...clock]);
    await write();
    const day = 'anomalies/src=acme/month=2026-02/2026-02-02.parquet';
    expect(await rowFaults()).toEqual([]);
    await rewrite(
      day,
      "select * replace (if(what = '1' and row_number() over () = 1, '1', '2') as what) from day",
    );
    await fitManifest();
    expect(await rowFaults()).toEqual([{ file: `lake/${day}`, what: OTHER_ROWS }]);
  });

  test('a note about a file that was forged', async () => {
    await archive.take(template);
    const day = dayOf('2026-02-02');
    const what = 'is described otherwise in the manifest than the warehouse has it';
    for (const forged of few(1, [{ digest: '2:1' }, { rows: 3 }, { seq: 9 }])) {
      await fitManifest((file) => [file.path === day ? { ...file, ...forged } : file]);
      expect(await rowFaults()).toEqual([{ file: `lake/${day}`, what }]);
    }
  });
});
