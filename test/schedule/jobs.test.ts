/** The jobs that come with auditlake, and what is said of a file that is none. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { JOBS, jobNamed, readJobs } from '../../src/schedule/jobs.ts';

const ROOT = new URL('../../', import.meta.url);

/** Minute to weekday, then the command; a job that is off by default stands in a comment. */
const CRONTAB_LINE = /^(#?)((?:\S+ +){4}\S+) +auditlake (.+)$/gm;

async function read(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-jobs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return readJobs(pathToFileURL(`${folder}/`));
}

const byCommand = (a: { command: string }, b: { command: string }): number =>
  a.command < b.command ? -1 : 1;

test('what is scheduled, and when', () => {
  expect(JOBS.map(({ name, run, cron }) => [name, run.join(' '), cron])).toEqual([
    ['deliver', 'deliver', false],
    ['detect', 'detect', '45 2,4 * * *'],
    ['nightly', 'sync', '15 2 * * *'],
    ['prune-lake', 'prune --lake', false],
    ['reconcile', 'verify --since-last --against-source', '0 4 * * *'],
    ['verify', 'verify', '0 6 * * 0'],
  ]);
  expect(JOBS.filter(({ freshness }) => freshness)).toEqual([jobNamed('nightly')]);
  for (const { repeat } of JOBS) {
    expect(repeat).toMatchObject({ after: [3, 75], delay: 900_000, times: 4 });
  }
});

test('the crontab has the same jobs, those that are off as comments', async () => {
  const text = await readFile(new URL('jobs/crontab', ROOT), 'utf8');
  const lines = [...text.matchAll(CRONTAB_LINE)].map(([, mark, line = '', command = '']) => ({
    command,
    cron: mark === '#' ? false : line.replaceAll(/ +/g, ' '),
  }));
  expect(lines.toSorted(byCommand)).toEqual(
    JOBS.map(({ run, cron }) => ({ command: run.join(' '), cron })).toSorted(byCommand),
  );
});

const REPEAT = '{ after: [3], delay: 15m, times: 4 }';
const job = (fields: string, repeat = REPEAT): string =>
  `title: t\nrun: [sync]\ncatchUp: true\nrepeat: ${repeat}\n${fields}`;

test('a folder is read in the order of its names', async () => {
  const jobs = await read({
    'b.yaml': job('cron: "@daily"'),
    'a.yaml': job('cron: false\nfreshness: true'),
    crontab: 'not a job',
  });
  expect(jobs.map(({ name, cron, freshness }) => ({ name, cron, freshness }))).toEqual([
    { name: 'a', cron: false, freshness: true },
    { name: 'b', cron: '@daily', freshness: false },
  ]);
});

test.each([
  ['no cron line', job(''), 'jobs/x.yaml: cron: '],
  ['a cron line that is none', job('cron: "61 2 * * *"'), 'cron: is not a cron line: minute'],
  ['a key that is none', job('cron: false\nwhen: now'), 'jobs/x.yaml: the file: Unrecognized key'],
  ['an empty command', job('cron: false').replace('[sync]', '[]'), 'run: is empty'],
  [
    'a repeat after success',
    job('cron: false', '{ after: [0], delay: 15m, times: 4 }'),
    'repeat.after.0: is not the exit code of a failure',
  ],
  [
    'a delay without a unit',
    job('cron: false', '{ after: [3], delay: "15", times: 4 }'),
    'repeat.delay: is not a duration',
  ],
  ['no YAML', 'title: [', 'jobs/x.yaml: '],
])('%s is refused by file and key', async (_what, text, message) => {
  await expect(read({ 'x.yaml': text })).rejects.toThrow(message);
});

test('a folder without a job is refused', async () => {
  await expect(read({})).rejects.toThrow('has no job');
});
