/** A file of the user's says in which country an address is, and the warehouse follows it. */
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { countryFile } from '../country-file.ts';
import { homeFor, sandboxFor } from '../harness.ts';
import { answerOf } from '../warehouse-file.ts';

const EVERYWHERE = (code: string): Buffer =>
  countryFile({ '0.0.0.0/1': code, '128.0.0.0/1': code, '2000::/3': code });

test('a country file is followed, verified and rebuilt; one that is of no use stops nothing', async () => {
  const sandbox = await sandboxFor({ events: 40, users: 3, teams: 1 });
  const home = await homeFor(sandbox, ['tabnine'], { streams: ['users', 'audit-logs'] });
  const file = join(dirname(home.folder), 'countries.mmdb');
  const countries = async (): Promise<unknown[]> => {
    const rows = await answerOf<{ country: string }>(
      home.folder,
      'select distinct country from first_seen order by all',
    );
    return rows.map(({ country }) => country);
  };
  const verified = async (): Promise<unknown> => {
    const { code, stdout } = await home.run(['verify', '--json']);
    return { code, ...(JSON.parse(stdout) as { warehouse: object }).warehouse };
  };
  const checked = async (): Promise<{ ok: boolean; detail: string } | undefined> => {
    const { stdout } = await home.run(['check', '--json']);
    const { findings } = JSON.parse(stdout) as {
      findings: { subject: string; ok: boolean; detail: string }[];
    };
    return findings.find(({ subject }) => subject === 'countryFile');
  };

  const judged = async (): Promise<unknown> => {
    const { stdout } = await home.run(['detect', 'first-country', '--json']);
    return (JSON.parse(stdout) as { detections: unknown[] }).detections[0];
  };

  await home.sync();
  expect(await countries()).toEqual([null]);
  expect(await judged()).toMatchObject({ not_asked: expect.stringContaining('country file') });
  const { stderr } = await home.run(['ask', 'new-country']);
  expect(stderr).toContain('no country file is configured');
  expect(await checked()).toBeUndefined();

  await home.configure({ countryFile: 'countries.mmdb' });
  await writeFile(file, EVERYWHERE('DE'));
  expect(await verified()).toMatchObject({
    code: 3,
    what: expect.stringContaining('the country file has changed since'),
  });
  await home.sync();
  expect(await countries()).toEqual(['DE']);
  expect(await verified()).toMatchObject({ code: 0, state: 'equal' });
  expect((await home.run(['ask', 'new-country'])).stderr).not.toContain('no country file');
  expect(await checked()).toMatchObject({ ok: true });
  expect(await judged()).not.toHaveProperty('not_asked');

  // Another edition: all addresses are looked up again, and a rebuild gives the same.
  await writeFile(file, EVERYWHERE('FR'));
  await home.sync();
  expect(await countries()).toEqual(['FR']);
  expect(await verified()).toMatchObject({ code: 0, state: 'equal' });
  expect((await home.run(['rebuild'])).code).toBe(0);
  expect(await countries()).toEqual(['FR']);

  await writeFile(file, EVERYWHERE('FR').subarray(0, 60));
  expect(await checked()).toMatchObject({
    ok: false,
    detail: expect.stringContaining('of no use'),
  });
  expect((await home.sync()).outcome).toBe('complete');
  expect(await countries()).toEqual([null]);
  await rm(file);
  expect(await checked()).toMatchObject({ ok: false, detail: expect.stringContaining('ENOENT') });
  expect((await home.sync()).outcome).toBe('complete');
});
