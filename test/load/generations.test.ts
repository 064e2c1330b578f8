import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFile,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { differences } from '../../src/load/differences/differences.ts';
import { openQuery } from '../../src/load/query/query.ts';
import { beginGeneration, publishedGeneration } from '../../src/load/warehouse/begin.ts';
import { few } from '../long.ts';
import { TestArchive, rowsOf } from './archive.ts';

const TIME = '2026-02-01T10:00:00.000Z';
const COUNT = 'select count(*) as n from audit_events';

let archive: TestArchive;
let day = 0;

async function addEvent(): Promise<void> {
  day += 1;
  const id = `e${day}`;
  await archive.add('audit-logs', [{ key: id, time: TIME, record: { id, timestamp: TIME } }]);
}

beforeEach(async () => {
  archive = await TestArchive.make();
  await addEvent();
});

const timezone = process.env['TZ'];
afterEach(() => {
  if (timezone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = timezone;
});

test('a generation goes on from the one before and points readers to itself', async () => {
  const first = await archive.load();
  await addEvent();
  const generation = await archive.begin({ fresh: false });
  expect([generation.baseSeq, generation.startedEmptyBecause]).toEqual([1, null]);
  expect(await generation.apply(archive.batches)).toEqual({ rows: 1 });
  const second = await generation.publish({ files: [], seq: 2 });
  await generation.finish();
  expect(await publishedGeneration(archive.home)).toEqual(second);
  expect(await readlink(join(archive.home, 'warehouse.duckdb'))).toBe(`warehouse/${second.file}`);
  expect(await rowsOf(join(archive.home, 'warehouse.duckdb'), COUNT)).toEqual([{ n: 2 }]);
  expect(await rowsOf(first.path, COUNT)).toEqual([{ n: 1 }]);
  await addEvent();
  await archive.load();
  expect((await readdir(join(archive.home, 'warehouse'))).toSorted()).toEqual([
    second.file,
    '000000000003.duckdb',
    'current.json',
  ]);
});

test('a line of the ledger that lists far more than usual is loaded', async () => {
  const file = join(archive.home, 'archive', '2026-03.ndjson');
  const streams = Array.from({ length: 60_000 }, (_, i) => ({
    source: 'acme',
    stream: `stream-${i}`,
    outcome: 'complete',
    window: null,
    watermark: TIME,
  }));
  const run = { seq: 2, at: TIME, kind: 'run', run_id: 'r', job: 'sync', outcome: 'complete' };
  await writeFile(file, `${JSON.stringify({ ...run, started_at: TIME, streams })}\n`);
  const generation = await archive.begin({ fresh: true });
  await generation.apply(archive.batches);
  const { path } = await generation.publish({ files: [file], seq: 2 });
  expect(await rowsOf(path, 'select count(*) as n from internal.run_streams')).toEqual([
    { n: streams.length },
  ]);
});

const HARMS = few<[string, (path: string) => Promise<void>]>(1, [
  ['written into', (path) => appendFile(path, 'x')],
  ['emptied', (path) => writeFile(path, '')],
  // cli/warehouse.test.ts has these in `npm test`.
  ['cut', (path) => truncate(path, 5000)],
  ['deleted', (path) => rm(path)],
]);

test.each(HARMS)('a generation that was %s is not built upon', async (_, harm) => {
  const { path, file } = await archive.load();
  await harm(path);
  const generation = await archive.begin({ fresh: false });
  expect(generation.baseSeq).toBe(0);
  expect(generation.startedEmptyBecause).toContain(file);
  await generation.apply(archive.batches);
  const next = await generation.publish({ files: [], seq: 1 });
  expect(await rowsOf(next.path, COUNT)).toEqual([{ n: 1 }]);
});

test('a large generation with damage in its middle is not built upon', async () => {
  const items = Array.from({ length: 1_500 }, (_, i) => {
    const id = `large-${i}`;
    const noise = randomBytes(12_000).toString('base64');
    return { key: id, time: TIME, record: { id, timestamp: TIME, noise } };
  });
  await archive.add('audit-logs', items);
  const { path, sha256, bytes } = await archive.load();
  // Too large to be hashed each night: DuckDB's checksums tell.
  expect(sha256).toBe(null);
  const file = await open(path, 'r+');
  // Wherever in it the catalog lies.
  for (let at = 2 ** 18; at < bytes; at += 2 ** 18) await file.write('?', at + 5_000);
  await file.close();
  await addEvent();
  const generation = await archive.begin({ fresh: false });
  expect(generation.startedEmptyBecause).toMatch(/is damaged .* is built anew/);
  await generation.apply(archive.batches);
  const next = await generation.publish({ files: [], seq: archive.seq });
  expect(await rowsOf(next.path, COUNT)).toEqual([{ n: 1_502 }]);
});

test('another mapping starts anew; giving up leaves nothing behind', async () => {
  await archive.load();
  const { transform } = archive.options;
  const generation = await beginGeneration(
    { ...archive.options, transform: { ...transform, version: 'other' } },
    { fresh: false, published: await publishedGeneration(archive.home) },
  );
  expect(generation.startedEmptyBecause).toContain('mapping');
  await generation.finish();
  const names = await readdir(join(archive.home, 'warehouse'));
  expect(names.toSorted()).toEqual(['000000000001.duckdb', 'current.json']);
});

test('a name is not used twice', async () => {
  const first = await archive.load();
  await writeFile(`${first.path}.wal`, '');
  const second = await archive.load({ fresh: true });
  expect(second.file).toBe('000000000001-2.duckdb');
});

test('a rebuild gives the same rows, in whatever time zone', async () => {
  await archive.add('users', [{ key: 'u', record: { id: 'u', username: 'A', updatedAt: TIME } }]);
  const local = '2026-02-01T10:00:00';
  await archive.add('audit-logs', [
    { key: 'x', time: TIME, record: { id: 'x', timestamp: local } },
  ]);
  const ledger = join(archive.home, 'archive', 'ledger.ndjson');
  await writeFile(
    ledger,
    `{"seq":0,"at":"${TIME}","kind":"open"}\n{"seq":1,"at":"${TIME}","kind":"batch","stream":"audit-logs","records":1,"cursor":{"watermark":1},"more":[1]}\n` +
      `{"seq":4,"at":"${TIME}","kind":"run","run_id":"r","started_at":"${TIME}","outcome":"complete","streams":[{"source":"acme"}]}\n`,
  );
  const published = await (async () => {
    const generation = await archive.begin({ fresh: false });
    for (const batch of archive.batches) await generation.apply([batch]);
    return generation.publish({ files: [ledger], seq: 4 });
  })();
  process.env['TZ'] = 'Europe/Berlin';
  const fresh = await archive.begin({ fresh: true });
  await fresh.apply(archive.batches);
  await fresh.seal({ files: [ledger], seq: 4 });
  expect(await differences(published.path, fresh.path)).toEqual([]);
  expect(await rowsOf(published.path, 'select run_id, streams from runs')).toEqual([
    { run_id: 'r', streams: '[{"source":"acme"}]' },
  ]);
  expect(
    await rowsOf(published.path, 'select seq, kind, "cursor" from ledger order by 1'),
  ).toHaveLength(3);
  await fresh.finish();
});

test('what differs is counted per table', async () => {
  const { path } = await archive.load();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`update internal.events set action = 'forged'`);
  await connection.run('checkpoint');
  connection.closeSync();
  instance.closeSync();
  const fresh = await archive.begin({ fresh: true });
  await fresh.apply(archive.batches);
  await fresh.seal({ files: [], seq: 1 });
  expect(await differences(path, fresh.path)).toMatchObject([
    { table: 'events', only_in_warehouse: 1, only_in_archive: 1 },
  ]);
  await fresh.finish();
});

test('a program that writes into a generation hinders nobody', async () => {
  const { path } = await archive.load();
  const code = `import { DuckDBInstance } from '@duckdb/node-api';
    const instance = await DuckDBInstance.create(process.argv[1]);
    const connection = await instance.connect();
    await connection.run('delete from internal.events');
    console.log('open');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    const messages: string[] = [];
    const session = await openQuery({ file: path, onMessage: (text) => messages.push(text) });
    const { chunks } = await session.run(COUNT);
    for await (const rows of chunks) expect(rows).toEqual([[1]]);
    await session.close();
    expect(messages).toHaveLength(1);
    await mkdir(join(archive.home, 'tmp'), { recursive: true });
    expect(await readdir(join(archive.home, 'tmp'))).toEqual([]);
    await addEvent();
    const next = await archive.load();
    expect(await rowsOf(next.path, COUNT)).toEqual([{ n: 2 }]);
    expect(
      JSON.parse(await readFile(join(archive.home, 'warehouse/current.json'), 'utf8')),
    ).toMatchObject({ seq: 2 });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
