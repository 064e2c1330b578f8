/** What the jobs run is what a person can type. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { JOBS, jobNamed } from '../../src/schedule/jobs.ts';
import { homeFor, sandboxFor } from '../harness.ts';

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('the CronJob of the guide is the nightly', () => {
  const documents = [...page('operate.md').matchAll(/^```yml\n([\s\S]*?)^```$/gm)]
    .flatMap(([, text = '']) => parseAllDocuments(text))
    .map((document): unknown => document.toJS())
    .filter((manifest) => (manifest as { kind: string }).kind === 'CronJob');
  const { run, cron } = jobNamed('nightly');
  const containers = [expect.objectContaining({ args: [...run, '--json'] })];
  const pod = { spec: { template: { spec: { containers } } } };
  expect(documents).toMatchObject([{ spec: { schedule: cron, jobTemplate: pod } }]);
});

test('every job runs as a command line', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 3, users: 1, teams: 1 });
  const home = await homeFor(sandbox);
  await home.configure({
    sources: { tabnine: { type: 'tabnine', usageScopes: [] } },
    lake: { retention: '1d' },
    sinks: { siem: { type: 'ndjson', path: join(home.folder, '../siem.ndjson') } },
  });
  // Reading comes first, whatever the order of names.
  const jobs = JOBS.toSorted((a, b) => Number(b.freshness) - Number(a.freshness));
  for (const { name, run } of jobs) {
    const { code, stdout, stderr } = await home.run([...run, '--json']);
    expect({ name, code, stderr: code === 0 ? '' : stderr }).toEqual({ name, code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
  }
});
