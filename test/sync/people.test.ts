/** A file of the user's says who is who, and the warehouse follows it. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';
import { answerOf } from '../warehouse-file.ts';

test('a changed file is in the warehouse with the next sync, and verify knows', async () => {
  const sandbox = await sandboxFor({ events: 20, users: 3, teams: 1 });
  const home = await homeFor(sandbox, ['tabnine'], { streams: ['users'] });
  const file = join(dirname(home.folder), 'people.csv');
  const state = (...lines: string[]): Promise<void> =>
    writeFile(file, ['person,identity', ...lines, ''].join('\n'));
  const persons = async (): Promise<string[]> => {
    const rows = await answerOf<{ person_id: string }>(
      home.folder,
      'select distinct person_id from person_accounts order by all',
    );
    return rows.map(({ person_id }) => person_id);
  };
  const verified = async (): Promise<unknown> => {
    const { code, stdout } = await home.run(['verify', '--json']);
    return { code, ...(JSON.parse(stdout) as { warehouse: object }).warehouse };
  };

  await home.sync();
  const accounts = await answerOf<{ user_id: string; email: string }>(
    home.folder,
    'select user_id, email from person_accounts order by email',
  );
  const [one, other] = accounts;
  expect(await persons()).toEqual(accounts.map(({ email }) => email));

  await home.configure({ people: 'people.csv' });
  await state(`Kim,${one?.email}`, `Kim,tabnine/user/${other?.user_id}`);
  expect(await verified()).toMatchObject({
    code: 3,
    state: 'stale',
    what: expect.stringContaining('the file of people has changed since'),
  });
  const { warehouse } = await home.sync();
  expect(warehouse).toMatchObject({ rows: 0, outcome: 'complete' });
  expect(await persons()).toEqual(['Kim', ...accounts.slice(2).map(({ email }) => email)]);
  expect(await verified()).toMatchObject({ code: 0, state: 'equal' });
  // What the file says stays when a vendor says something new, and the other way round.
  for (const email of ['0@acme.test', '1@acme.test']) {
    Object.assign(sandbox.tabnine.users[2] ?? {}, { email });
    await home.sync();
    expect(await persons()).toEqual([email, 'Kim']);
    expect(await verified()).toMatchObject({ code: 0, state: 'equal' });
  }
  expect((await home.run(['rebuild'])).code).toBe(0);
  expect(await persons()).toContain('Kim');

  await state('Kim,who');
  const refused = await home.run(['sync']);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toMatch(
    /people in auditlake\.yaml: .*people\.csv, record 1: is no identity/,
  );
});
