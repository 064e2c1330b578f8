/** `auditlake ask`: one home, asked in many ways. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Home, homeFor, type Ran, sandboxFor } from '../harness.ts';

async function archived(): Promise<{ home: Home; ask: (...args: string[]) => Promise<Ran> }> {
  const sandbox = await sandboxFor({ events: 80, days: 4 });
  const home = await homeFor(sandbox, ['tabnine', 'devin']);
  await home.sync();
  return { home, ask: (...args) => home.run(['ask', ...args]) };
}

const OWN = `/*
title: How many events
answers: How many events there are of an action
parameters: { action: { type: text, says: the action } }
columns: { events: how many }
needs: [finding:guardrail]
*/
select count(*) as events from audit_events where action = $action`;

test('ask lists, answers, and says of whom it is no answer', async () => {
  const { home, ask } = await archived();
  const list = await ask();
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toMatch(/^person +ADDRESS \[--since\] \[--until\] +What one person/m);

  const none = await ask('from-address', '203.0.113.250', '--since', '3650d', '--json');
  expect(none).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
  const rows = await ask('admin-granted', '--since', '3650d', '--csv');
  expect(rows.code).toBe(0);
  expect(rows.stdout.split('\n')[0]).toBe(
    'at,source,change,whose,role,scope,who,ip_address,user_agent,known_by,not_before,event_uid',
  );
  expect(rows.stdout.split('\n').length).toBeGreaterThan(2);

  const folder = join(dirname(home.folder), 'own');
  await mkdir(folder);
  await writeFile(join(folder, 'how-many.sql'), OWN);
  await writeFile(join(folder, 'admins-of.sql'), 'select 1');
  await writeFile(join(folder, 'leavers.sql'), OWN);
  const own = { AUDITLAKE_QUESTIONS: folder };
  const answer = await home.run(['ask', 'how-many', 'role.assigned', '--json'], own);
  expect(answer).toMatchObject({
    code: 0,
    stderr: 'Not answered for tabnine: its log reports no violated guardrails\n',
  });
  expect(JSON.parse(answer.stdout)).toEqual([{ events: expect.any(Number) }]);
  const broken = await home.run(['ask', 'admins-of'], own);
  expect(broken).toMatchObject({ code: 2, stdout: '' });
  expect(broken.stderr).toContain('admins-of.sql holds no question: it does not begin with a head');

  const check = await home.run(['check', '--json'], own);
  expect(check.code).toBe(2);
  const { findings } = JSON.parse(check.stdout) as {
    findings: { subject: string; ok: boolean; detail: string }[];
  };
  const wrong = findings
    .filter(({ ok }) => !ok)
    .map(({ subject, detail }) => [subject.replace(/.*\//, ''), detail]);
  expect(wrong).toEqual([
    ['admins-of.sql', 'it does not begin with a head: /* … */'],
    ['leavers.sql', 'auditlake has one of this name: rename the file'],
  ]);
  const absent = await home.run(['ask'], { AUDITLAKE_QUESTIONS: join(folder, 'none') });
  expect(absent.code).toBe(2);
  expect(absent.stderr).toContain('the folder of questions cannot be read');
});

test('what is mistyped is named', async () => {
  const home = await homeFor(null, []);
  const ask = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await home.run(['ask', ...args]);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await ask('leaver')).toMatch(/there is no question leaver.*did you mean leavers\?/s);
  expect(await ask('leavers', '--since', '7d')).toMatch(/leavers does not take --since/);
  expect(await ask('person')).toMatch(/person needs --address/);
  expect(await ask('admin-granted', '--sinse', '7d')).toMatch(/did you mean --since\?/);
  expect(await ask('admin-granted', '--csv', '--json')).toMatch(/exclude each other/);
  expect(await ask('admin-granted')).toMatch(/there is no warehouse/);
});

test('an empty answer says what it means, to a person and not in the data', async () => {
  const streams = ['audit-logs', 'users'];
  const home = await homeFor(await sandboxFor({ events: 80, days: 4 }), ['tabnine'], { streams });
  await home.sync();
  const ask = async (...args: string[]): Promise<Ran> => await home.run(['ask', ...args]);
  const people = await home.run([
    'query',
    `select person_id as address, user_id as login, count(*) over (partition by person_id) as n
     from person_accounts where contains(person_id, '@') and not contains(user_id, '@') order by all`,
    '--json',
  ]);
  const [{ address, login }] = JSON.parse(people.stdout) as [{ address: string; login: string }];
  const since = ['--since', '3650d'];

  // A login is answered as the address is, and that is said.
  const byAddress = await ask('person', address, ...since, '--csv');
  const byLogin = await ask('person', login, ...since, '--csv');
  expect(byLogin.stdout).toBe(byAddress.stdout);
  expect(byLogin.stdout.split('\n').length).toBeGreaterThan(2);
  expect(byLogin.stderr).toContain(`${login} is ${address}: this is the answer for that address`);

  for (const [asked, said] of [
    [['person', address.replace('.', '')], `nobody is known as .* did you mean .*${address}`],
    [['access-of', 'nobody@example.com'], 'nobody is known as nobody@example.com$'],
    [
      ['events', 'role.asigned'],
      'no event has the action role.asigned; did you mean role.assigned',
    ],
    [['from-address', '203.0.113.250'], 'no event came from 203.0.113.250$'],
    [['who-has-access', '--role', 'no such role'], 'no role has no such role in its name'],
    [
      ['person', address, '--since', '2020-01-01', '--until', '2020-01-02'],
      'nothing was found from 2020-01-01T00:00Z to 2020-01-02T00:00Z; events are recorded from .* to ',
    ],
    [['restated', '--since', '1d'], 'nothing was found from .*; no figures are recorded'],
    [['leavers'], 'nothing was found in what was read up to '],
  ] as const) {
    const screen = await ask(...asked);
    expect({ asked, ...screen }).toMatchObject({ asked, code: 0 });
    expect(screen.stderr).toMatch(new RegExp(said, 'm'));
    expect(screen.stdout.trim().split('\n')).toHaveLength(1);
  }
  const silent = await ask('events', 'role.asigned', '--csv');
  expect(silent.stderr).toBe('');
  const file = join(dirname(home.folder), 'none.csv');
  const written = await ask('events', 'role.asigned', '--to', file);
  expect(written.stderr).toMatch(/0 rows written to .*\nno event has the action/);
});
