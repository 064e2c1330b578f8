/** The generation before the published one is what the next is made from, so that a night costs what is new. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { differences } from '../../src/load/differences/differences.ts';
import { openQuery } from '../../src/load/query/query.ts';
import { copyOfGeneration } from '../../src/load/warehouse/copy.ts';
import { few, placesTried, tries } from '../long.ts';
import { forgeNote, type Note } from './forged-note.ts';
import { markOf } from '../../src/load/warehouse/mark.ts';
import { beginGeneration, isInPlace, publishedGeneration } from '../../src/load/warehouse/begin.ts';
import { lookForPublished } from '../../src/load/warehouse/published.ts';
import { openReadable, type Readable } from '../../src/load/warehouse/readable-file.ts';
import { sizeOfPlain } from '../../src/platform/plain-file.ts';
import { writeInto } from '../warehouse-file.ts';
import { type Item, rowsOf, TestArchive } from './archive.ts';

const COUNT = 'select count(*)::int as n from audit_events';

let archive: TestArchive;

beforeEach(async () => {
  archive = await TestArchive.make();
});

const event = (id: string, more: object = {}): Item => {
  const timestamp = '2026-02-01T10:00:00.000Z';
  return { key: id, time: timestamp, record: { id, timestamp, ...more } };
};

/** A night with an event of its own. @returns the seq from which its generation was made, and the file */
async function night(items?: Item[]): Promise<{ baseSeq: number; path: string; rows: number }> {
  await archive.add('audit-logs', items ?? [event(`e${archive.seq + 1}`)]);
  const published = await publishedGeneration(archive.home);
  const wanted = { fresh: false, published, mayUseFormer: true };
  const generation = await beginGeneration(archive.options, wanted);
  const { baseSeq } = generation;
  try {
    const { rows } = await generation.apply(archive.batches);
    const { path } = await generation.publish({ files: [], seq: archive.seq });
    return { baseSeq, path, rows };
  } finally {
    await generation.finish();
  }
}

const fileOf = async (path: string): Promise<number> => (await stat(path)).ino;

test('two files take turns, and each night counts its own rows', async () => {
  const nights = [];
  for (let i = 0; i < 4; i += 1) {
    const { path, ...ran } = await night();
    nights.push({ ...ran, file: await fileOf(path) });
  }
  const [one, two] = [nights[0]?.file, nights[1]?.file];
  expect(nights).toEqual([
    { baseSeq: 0, rows: 1, file: one },
    { baseSeq: 1, rows: 1, file: two },
    { baseSeq: 1, rows: 1, file: one },
    { baseSeq: 2, rows: 1, file: two },
  ]);
  expect(await rowsOf(join(archive.home, 'warehouse.duckdb'), COUNT)).toEqual([{ n: 4 }]);
});

const user = (name: string, at: string): Item => ({
  key: 'u1',
  record: { id: 'u1', username: name, updatedAt: at },
});

test('after nights of every kind it has what a generation made at once has', async () => {
  await night([event('e1', { userId: 'u1' }), event('e2')]);
  await archive.add('users', [user('Ada', '2026-02-02T00:00:00.000Z')]);
  await night([event('e1', { action: 'revised' })]);
  await night([event('e3'), event('e3', { action: 'at once' })]);
  await archive.add('users', [user('Ada Lovelace', '2026-02-03T00:00:00.000Z')]);
  await night([{ absent: 'e2', at: '2026-02-03T00:00:00.000Z' }]);
  await night([event('e2'), event('e1', { action: 'revised again' })]);
  const { path } = await night();
  const fresh = await archive.begin({ fresh: true });
  await fresh.apply(archive.batches);
  await fresh.seal({ files: [], seq: archive.seq });
  expect(await differences(path, fresh.path)).toEqual([]);
  await fresh.finish();
  const kinds = await rowsOf(
    path,
    'select kind, count(*)::int as n from anomalies group by 1 order by 1',
  );
  expect(kinds).toEqual([
    { kind: 'changed', n: 3 },
    { kind: 'reappeared', n: 1 },
    { kind: 'vanished', n: 1 },
  ]);
});

/** A process that has a database open until the test ends, and answers each line of SQL with the first value. */
async function process(path: string, mode: 'read_only' | 'read_write') {
  const code = `import { createInterface } from 'node:readline';
    import { DuckDBInstance } from '@duckdb/node-api';
    const [path, access_mode] = process.argv.slice(1);
    const connection = await (await DuckDBInstance.create(path, { access_mode })).connect();
    console.log('open');
    for await (const sql of createInterface({ input: process.stdin })) {
      console.log(String((await connection.runAndReadAll(sql)).getRows()[0]?.[0]));
    }`;
  const child = spawn(
    globalThis.process.execPath,
    ['--input-type=module', '-e', code, path, mode],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  onTestFinished(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  await once(child.stdout, 'data');
  return async (sql: string): Promise<string> => {
    child.stdin.write(`${sql}\n`);
    const [answer] = await once(child.stdout, 'data');
    return String(answer).trim();
  };
}

/** Two files take turns: the third has the file before that of the reader. */
const NIGHTS = tries(5, 2);

describe(`a reader over ${NIGHTS} nights`, () => {
  test.each(few(1, ['read_write', 'read_only'] as const))('that opened it %s', async (mode) => {
    await night();
    const { path } = await night();
    const ask = await process(path, mode);
    if (mode === 'read_write') expect(await ask('delete from internal.events')).toBe('2');
    const seen = mode === 'read_write' ? '0' : '2';
    for (let nights = 3; nights < 3 + NIGHTS; nights += 1) {
      if (mode === 'read_write' && nights === 4) await ask('checkpoint');
      const ran = await night();
      expect(await rowsOf(ran.path, COUNT)).toEqual([{ n: nights }]);
      expect(await ask('select count(*) from internal.events')).toBe(seen);
    }
  });

  test('in this very process', async () => {
    await night();
    const { path } = await night();
    const session = await openQuery({ file: path, onMessage: () => undefined });
    const reads = async (): Promise<unknown[]> => {
      const { chunks } = await session.run(COUNT);
      const rows: unknown[] = [];
      for await (const chunk of chunks) rows.push(...chunk);
      return rows;
    };
    for (let nights = 3; nights < 3 + NIGHTS; nights += 1) {
      const ran = await night();
      expect(await rowsOf(ran.path, COUNT)).toEqual([{ n: nights }]);
      expect(await reads()).toEqual([[2]]);
    }
    await session.close();
  });
});

/** Another process, which says whether it gets a file to write into it: nobody has it open. */
function elsewhere(path: string): () => Promise<string> {
  const code = `import { createInterface } from 'node:readline';
    import { DuckDBInstance } from '@duckdb/node-api';
    for await (const path of createInterface({ input: process.stdin })) {
      await DuckDBInstance.create(path).then(
        (instance) => (instance.closeSync(), console.log('free')),
        (error) => console.log(/lock/i.test(error.message) ? 'locked' : error.message),
      );
    }`;
  const child = spawn(globalThis.process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  return async () => {
    child.stdin.write(`${path}\n`);
    const [answer] = await once(child.stdout, 'data');
    return String(answer).trim();
  };
}

test('what this process does with the file of a reader leaves the lock that the reader has', async () => {
  const { path } = await night();
  const opened = (): Promise<Readable> => openReadable(path, {}, () => undefined);
  const acts: [string, (reader: Readable) => Promise<unknown>][] = [
    ['a further reader ends', async () => (await opened()).close()],
    ['the reader opens it once more', async ({ another }) => (await another({})).close()],
    ['somebody asks for its size', () => sizeOfPlain(path)],
    ['it is compared with its note', () => markOf(path)],
    ['it is copied', () => copyOfGeneration(path, join(archive.home, 'copy.duckdb'))],
    ['a run has nothing to do', async () => isInPlace(archive.home, await archive.current(), null)],
  ];
  const ask = elsewhere(path);
  for (const [what, act] of acts) {
    const reader = await opened();
    await act(reader);
    expect(await ask(), what).toBe('locked');
    await reader.close();
  }
  expect(await ask()).toBe('free');
});

test('a generation made from nothing is the last that goes on from those before it', async () => {
  await night();
  await night();
  const generation = await archive.begin({ fresh: true });
  await generation.apply(archive.batches);
  await generation.publish({ files: [], seq: archive.seq });
  // A copy of what was made anew, not one of those that somebody may have written into.
  expect(await night()).toMatchObject({ baseSeq: 2 });
});

test('what a file defines reads nothing outside of the archive', async () => {
  const secret = join(archive.home, 'key.pem');
  await writeFile(secret, 'a private key');
  const { path } = await night();
  await night();
  await writeInto(
    path,
    `create or replace macro internal.id_of("key") as (select max(content) from read_text('${secret.replaceAll("'", "''")}'))`,
    `create or replace view main.names_of as select content from read_text('${secret.replaceAll("'", "''")}')`,
  );
  const mark = await markOf(path);
  await forgeNote(archive.home, (note) => ({ ...note, former: { ...note.former, ...mark } }));
  const ran = await night();
  // What defines something else is not gone on from.
  expect(ran.baseSeq).toBe(2);
  expect(await rowsOf(ran.path, `select event_id from internal.events where seq = 3`)).toEqual([
    { event_id: 'e3' },
  ]);
});

test('a note that claims another seq than the file has is not gone on from', async () => {
  await night();
  await forgeNote(archive.home, (note) => ({ ...note, seq: 7 }));
  const ran = await night();
  expect(ran.baseSeq).toBe(0);
  expect(await rowsOf(ran.path, COUNT)).toEqual([{ n: 2 }]);
});

test.each([
  ['of what is published', (note: object) => ({ ...note, widest: 1e300 })],
  ['of the one before', (note: Note) => ({ ...note, former: { ...note.former, widest: 1e300 } })],
  ['of less than nothing', (note: object) => ({ ...note, widest: -1 })],
])('a note that wants memory without end is none: %s', async (_what, forge) => {
  await night();
  await night();
  await forgeNote(archive.home, forge);
  expect(await lookForPublished(archive.home)).toBe('broken');
});

test('a note of which a bit was flipped is none', async () => {
  await night();
  await night();
  const file = join(archive.home, 'warehouse', 'current.json');
  const noted = await readFile(file);
  for (const bit of placesTried(noted.length * 8, 0, 37)) {
    const flipped = Buffer.from(noted);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await writeFile(file, flipped);
    const found = await lookForPublished(archive.home);
    if (found !== 'broken') expect({ bit, flipped: flipped.toString(), found }).toBe('broken');
  }
});

test('a file that somebody has touched is not gone on from', async () => {
  const { path } = await night();
  await night();
  await utimes(path, 1, 1);
  expect(await night()).toMatchObject({ baseSeq: 2 });
});

test('without the file before the published one a copy is made', async () => {
  await night();
  await night();
  const generation = await beginGeneration(archive.options, {
    fresh: false,
    published: await publishedGeneration(archive.home),
    mayUseFormer: true,
  });
  // As after a crash: the file is gone with what was being made of it.
  await generation.finish();
  expect(await night()).toMatchObject({ baseSeq: 2, rows: 1 });
  expect(await rowsOf(join(archive.home, 'warehouse.duckdb'), COUNT)).toEqual([{ n: 3 }]);
});
