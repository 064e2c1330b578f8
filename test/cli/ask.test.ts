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
