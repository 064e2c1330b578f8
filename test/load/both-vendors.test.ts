import { expect, test } from 'vitest';
import { openQuery } from '../../src/load/query/query.ts';
import { DEVIN, TestArchive, rowsOf } from './archive.ts';
import { companyWarehouse, nov } from './company.ts';

const { path, query } = companyWarehouse();
const table = async (sql: string): Promise<unknown[][]> =>
  (await query(sql)).map((row) => Object.values(row));

const at = (day: number): string => nov(day).replace('Z', '.000Z');

test('access_grants', async () => {
  const all = await table(
    `select source, holder_type, holder_id, holder_name, role, scope_type, scope_id, scope_name, since
    from access_grants order by source, holder_type, holder_id nulls last, scope_type, role`,
  );
  const organization = ['organization', 'org-1', 'Acme'];
  const core = ['team', 't1', 'Core'];
  expect(all).toEqual([
    ['acme', 'user', 'u1', 'ann', 'Admin', ...organization, at(1)],
    ['acme', 'user', 'u1', 'ann', 'member', ...core, at(1)],
    // By the list of users; by the list of permissions no longer.
    ['acme', 'user', 'u2', 'bob', 'Admin', ...organization, at(8)],
    ['acme', 'user', 'u2', 'bob', 'member', ...core, at(1)],
    ['acme', 'user', 'u3', 'cid', 'Member', ...organization, at(1)],
    ['acme', 'user', 'u3', 'cid', 'member', ...core, at(1)],
    ['acme', 'user', 'u4', 'dee', 'Member', ...organization, at(1)],
    ['acme', 'user', 'u4', 'dee', 'member', ...core, at(1)],
    ['acme', 'user', null, 'zoe', 'Admin', ...organization, at(10)],
    ['agents', 'idp_group', 'Eng', 'Eng', 'Member', 'organization', 'org-us', 'US', at(2)],
    [
      'agents',
      'service_user',
      'service-user-ci',
      'ci',
      'Runner',
      'organization',
      'org-emea',
      'EMEA',
      at(3),
    ],
    ['agents', 'user', 'email|ann', 'Ann A.', 'Admin', 'enterprise', null, null, at(1)],
    ['agents', 'user', 'email|ann', 'Ann A.', 'Member', 'organization', 'org-emea', 'EMEA', at(8)],
    ['agents', 'user', 'okta|fay', 'Fay', 'Member', 'organization', 'org-us', 'US', at(1)],
  ]);
});

test('users of both lists, each once', async () => {
  expect(
    await table(
      `select user_id, name, email, role, status, team_id from users where source = 'agents' order by 1`,
    ),
  ).toEqual([
    ['email|ann', 'Ann A.', 'Ann@acme.test', 'Admin', 'active', null],
    ['okta|eve', 'okta|eve', 'eve@acme.test', null, 'active', null],
    ['okta|fay', 'Fay', 'fay@acme.test', null, 'active', null],
    ['okta|r1', 'okta|r1', 'robots@acme.test', null, 'active', null],
    ['okta|r2', 'okta|r2', 'robots@acme.test', null, 'active', null],
  ]);
  expect(await table(`select source, name from organizations order by all`)).toEqual([
    ['acme', 'Acme'],
    ['agents', 'EMEA'],
    ['agents', 'US'],
  ]);
});

test('events have the names of service users and of those who belong by a group', async () => {
  expect(
    await table(
      `select event_id, category, activity, actor_type, actor_name, actor_email, target_type, target_name, target_email, name_basis
      from audit_events where source = 'agents' order by 1`,
    ),
  ).toEqual([
    [
      'a1',
      'credential',
      'create',
      'user',
      'Ann A.',
      'Ann@acme.test',
      'secret',
      'DB',
      null,
      'as_of',
    ],
    ['a2', 'policy', 'other', 'user', 'Ann A.', 'Ann@acme.test', 'session', null, null, 'as_of'],
    ['a3', 'access', 'grant', 'service_user', 'ci', null, 'user', 'Fay', 'fay@acme.test', 'as_of'],
    ['a4', 'other', 'other', 'system', null, null, null, null, null, 'none'],
  ]);
});

test('credential_events and guardrail_violations', async () => {
  expect(await table('select event_uid, activity, target_name from credential_events')).toEqual([
    ['agents:a1', 'create', 'DB'],
  ]);
  expect(
    await table(
      'select event_uid, actor_name, session_id, organization_id from guardrail_violations',
    ),
  ).toEqual([['agents:a2', 'Ann A.', 'abc', 'org-emea']]);
});

test('person_costs', async () => {
  expect(
    await table(
      `select source, user_id, name, email, day::varchar, product, cost, unit
      from person_costs order by source, day, product nulls last`,
    ),
  ).toEqual([
    ['acme', 'u1', 'ann', 'ann@acme.test', '2026-11-01', 'IDE', 0.25, 'cost'],
    ['acme', 'u1', 'ann', 'ann@acme.test', '2026-11-01', 'cli', 0.75, 'cost'],
    ['acme', 'u1', 'ann', 'ann@acme.test', '2026-11-01', null, 0.25, 'cost'],
    ['agents', 'email|ann', 'Ann A.', 'Ann@acme.test', '2026-11-01', 'cascade', 1, 'ACU'],
    ['agents', 'email|ann', 'Ann A.', 'Ann@acme.test', '2026-11-01', 'devin', 3, 'ACU'],
    ['agents', 'email|ann', 'Ann A.', 'Ann@acme.test', '2026-11-02', 'cascade', 0, 'ACU'],
    ['agents', 'email|ann', 'Ann A.', 'Ann@acme.test', '2026-11-02', 'devin', 0, 'ACU'],
    ['agents', 'email|ann', 'Ann A.', 'Ann@acme.test', '2026-11-02', null, 2, 'ACU'],
  ]);
});

test('figures have the names of organizations and users', async () => {
  expect(
    await table(
      `select distinct scope, scope_id, scope_name from usage_metrics where dataset = 'consumption' order by all`,
    ),
  ).toEqual([
    ['enterprise', 'ent', null],
    ['organization', 'org-emea', 'EMEA'],
    ['organization', 'org-us', 'US'],
    ['user', 'email|ann', 'Ann A.'],
  ]);
});

test('unattributed_consumption', async () => {
  expect(
    await table(
      `select source, day::varchar, tool, enterprise_acus, organization_acus, unattributed_acus
      from unattributed_consumption order by day, tool nulls first`,
    ),
  ).toEqual([
    ['agents', '2026-11-01', null, 10, 7.3, 2.7],
    ['agents', '2026-11-01', 'cascade', 2, 0, 2],
    ['agents', '2026-11-01', 'devin', 8, 7.3, 0.7],
    ['agents', '2026-11-02', null, 1, 1, 0],
    ['agents', '2026-11-02', 'devin', 1, 1, 0],
  ]);
});

test('a person over all vendors, also for a reader who may only read', async () => {
  const sql = `select occurred_at, source, part, action from timeline(' ANN@ACME.test')`;
  const expected = [
    [at(6), 'acme', 'actor', 'role.assigned'],
    [at(6), 'agents', 'actor', 'create_secret'],
    [at(7), 'agents', 'actor', 'ai_guardrail_violation'],
  ];
  expect(await table(sql)).toEqual(expected);
  expect(await table(`select part, action from timeline('Fay@acme.test')`)).toEqual([
    ['target', 'assign_roles'],
  ]);
  const session = await openQuery({ file: path() });
  const rows: unknown[][] = [];
  for await (const chunk of (await session.run(sql)).chunks) rows.push(...chunk);
  await session.close();
  expect(rows).toEqual(expected);
});

test.each([
  'null',
  '"x"',
  '7',
  '{"role":{}}',
  '[]',
  '[null,1,"x",[],{}]',
  '[{"role":"x","org_id":{}}]',
  '[{"role":null,"org_id":7}]',
])('assignments of roles that are %s break nothing', async (assignments) => {
  const odd = await TestArchive.make();
  odd.account = DEVIN;
  await odd.add('users', [
    {
      key: 'u',
      record: `{"role_assignments":${assignments},"idp_role_assignments":${assignments}}`,
    },
    { key: 'v', record: { role_assignments: [{ role: { role_id: 'r' }, org_id: null }] } },
  ]);
  const { path: file } = await odd.load();
  expect(await rowsOf(file, 'select user_id, role from users order by 1')).toEqual([
    { user_id: 'u', role: null },
    { user_id: 'v', role: null },
  ]);
  // What names no role is no grant.
  expect(await rowsOf(file, 'select holder_id, role from access_grants')).toEqual([
    { holder_id: 'v', role: 'r' },
  ]);
});

test('an access ends when the list no longer has its holder', async () => {
  const odd = await TestArchive.make();
  odd.account = DEVIN;
  const record = { role_assignments: [{ role: { role_name: 'R' }, org_id: null }] };
  await odd.add(
    'idp-groups',
    [
      { key: 'Eng', record },
      { key: 'Ops', record },
    ],
    { at: nov(1) },
  );
  await odd.add('idp-groups', [{ absent: 'Eng', at: nov(2) }], { at: nov(2) });
  const { path: file } = await odd.load();
  expect(await rowsOf(file, 'select holder_id, since from access_grants')).toEqual([
    { holder_id: 'Ops', since: at(1) },
  ]);
});
