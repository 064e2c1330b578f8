import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AuditlakeError } from '../../src/errors.ts';
import { jobNamed } from '../../src/schedule/jobs.ts';
import { readRecords, recordOf, writeRecords } from '../../src/schedule/records.ts';

const NOW = Date.UTC(2026, 5, 10);
const YESTERDAY = NOW - 86_400_000;
const JOBS = ['nightly', 'reconcile', 'verify'].map(jobNamed);

async function folder(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'auditlake-records-'));
  onTestFinished(() => rm(home, { recursive: true }));
  return home;
}

/** Reads with what is said; `troubles` are what was told on the way. */
async function read(home: string, at: { isEmpty?: boolean; catchUp?: boolean } = {}) {
  const troubles: string[] = [];
  const { isEmpty = false, catchUp = true } = at;
  const records = await readRecords(home, JOBS, { now: NOW, isEmpty, catchUp }, (text) => {
    troubles.push(text);
  });
  return { records, troubles };
}

test('what was noted is read again, and only its file is there', async () => {
  const home = join(await folder(), 'not', 'yet');
  const { records } = await read(home);
  const nightly = {
    since: YESTERDAY,
    unfinished: true,
    repeats: 2,
    exit: 3,
    verdict: 'Incomplete, and the next run goes on: acme cannot be reached',
    endedAt: YESTERDAY + 1,
    succeededAt: null,
  };
  // `deliver` is not scheduled here, and what is known of it is kept all the same.
  const noted = new Map([...records, ['nightly', nightly], ['deliver', nightly]]);
  await writeRecords(home, noted);
  expect(await read(home)).toEqual({ records: noted, troubles: [] });
  expect(await readdir(home)).toEqual(['schedule.json']);
  // Who does not want to catch up has missed nothing and left nothing unfinished.
  const { records: without } = await read(home, { catchUp: false });
  expect(recordOf(without, 'nightly')).toMatchObject({ since: NOW, unfinished: false, exit: 3 });
});

test('at first nothing was missed, but an empty home wants its first sync', async () => {
  const home = await folder();
  const { records: full } = await read(home);
  expect([...full.values()].map(({ since }) => since)).toEqual([NOW, NOW, NOW]);
  const { records: empty } = await read(home, { isEmpty: true, catchUp: false });
  const since = ['nightly', 'verify'].map((job) => recordOf(empty, job).since);
  expect(since).toEqual([0, NOW]);
});

test.each(['', '{', '[]', '{"version":2,"jobs":{}}', '{"version":1,"jobs":{"nightly":{}}}'])(
  'a damaged note (%j) is told and made anew',
  async (text) => {
    const home = await folder();
    await writeFile(join(home, 'schedule.json'), text);
    const { records, troubles } = await read(home);
    expect(recordOf(records, 'nightly').since).toBe(NOW);
    expect(troubles).toEqual([expect.stringContaining('schedule.json cannot be read')]);
  },
);

test('a home that cannot be written is a usage error', async () => {
  const home = await folder();
  await writeFile(join(home, 'file'), '');
  const { records } = await read(home);
  const failing = writeRecords(join(home, 'file'), records);
  await expect(failing).rejects.toThrow(AuditlakeError);
  await expect(failing).rejects.toMatchObject({ exit: 2 });
});

test('a job of another version is no reason to forget the others', async () => {
  const home = await folder();
  const iso = new Date(YESTERDAY).toISOString();
  const fields = { since: iso, unfinished: false, repeats: 0, exit: 0, endedAt: iso };
  const entry = { ...fields, succeededAt: null };
  await writeFile(
    join(home, 'schedule.json'),
    JSON.stringify({ version: 1, jobs: { nightly: entry, 'of-tomorrow': entry } }),
  );
  const { records, troubles } = await read(home);
  expect(troubles).toEqual([]);
  expect(recordOf(records, 'nightly').since).toBe(YESTERDAY);
  expect([...records.keys()]).toEqual(['nightly', 'reconcile', 'verify']);
});
