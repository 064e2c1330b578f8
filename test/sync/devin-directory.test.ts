import { expect, test } from 'vitest';
import { streamOf } from '../harness.ts';
import { devinHome, devinRequests, devinSandbox, QUIET, syncDevin } from './devin-support.ts';
import { HOUR, select } from './support.ts';

const STREAMS = [
  'organizations',
  'users',
  'idp-users',
  'service-users',
  'idp-groups',
  'registered-idp-groups',
  'roles',
  'tags',
  'git-connections',
  'git-permissions',
  'ip-access-list',
  'org-group-limits',
  'hypervisors',
  'queue',
  'acu-limits',
];

const by = <T extends object>(items: readonly T[], idOf: (item: T) => string) =>
  Object.fromEntries(items.map((item) => [idOf(item), item]));
const group = ({ idp_group_name }: { idp_group_name: string }): string => idp_group_name;

test('every thing that is served is there, as it is served', async () => {
  const { sandbox } = await devinSandbox({ users: 230, organizations: 3 });
  const { devin } = sandbox;
  const { holdings } = devin;
  const home = await devinHome(sandbox);
  await syncDevin(home, STREAMS);
  const rows = await select(
    home,
    'select entity_type, entity_id, attributes from entity_history where valid_to is null',
  );
  const found = (type: string): Record<string, unknown> =>
    Object.fromEntries(
      rows
        .filter(({ entity_type }) => entity_type === type)
        .map(({ entity_id, attributes }) => [entity_id, JSON.parse(String(attributes))]),
    );

  expect(found('organization')).toEqual(by(devin.organizations, (each) => each.org_id));
  expect(Object.keys(found('user'))).toHaveLength(184);
  expect(found('user')).toEqual(by(devin.users, (each) => each.user_id));
  expect(found('idp_user')).toEqual(by(devin.idpUsers, (each) => each.user_id));
  // The inactive ones as well.
  expect(found('service_user')).toEqual(by(devin.serviceUsers, (each) => each.service_user_id));
  expect(devin.serviceUsers.filter(({ deleted_at }) => deleted_at !== null)).toHaveLength(1);
  const withRoles = devin.idpGroups.filter((each) => each.role_assignments.length > 0);
  expect(found('idp_group')).toEqual(by(withRoles, group));
  const names = devin.idpGroups.map(({ idp_group_name }) => ({ idp_group_name }));
  expect(found('registered_idp_group')).toEqual(by(names, group));
  expect(Object.values(found('role'))).toEqual(expect.arrayContaining(devin.roles));
  expect(Object.keys(found('role'))).toHaveLength(devin.roles.length);
  const tags = [...holdings.tags].map(([org_id, list]) => ({ tags: list, org_id }));
  expect(found('tag')).toEqual(by(tags, (each) => each.org_id));
  expect(found('git_connection')).toEqual(
    by(holdings.gitConnections, (each) => each.git_connection_id),
  );
  const permissions = [...holdings.gitPermissions].flatMap(([org_id, list]) =>
    list.map((each) => ({ ...each, org_id })),
  );
  expect(found('git_permission')).toEqual(by(permissions, (each) => each.git_permission_id));
  expect(found('hypervisor')).toEqual(by(holdings.hypervisors, (each) => each.hypervisor_id));
  expect(Object.values(found('queue'))).toEqual([holdings.queue]);
  expect(Object.values(found('acu_limit'))).toHaveLength(holdings.acuLimits.length);
  expect(Object.values(found('acu_limit'))).toEqual(expect.arrayContaining(holdings.acuLimits));
  expect(JSON.stringify(found('ip_access_list'))).toContain(holdings.ipRanges[1]);
  expect(JSON.stringify(found('org_group_limits'))).toContain('Unlimited');

  for (const result of (await syncDevin(home, STREAMS)).streams) {
    expect(result).toMatchObject(QUIET);
  }
});

test('what is removed is closed, what changes has a new version', async () => {
  const { sandbox } = await devinSandbox({ users: 10 });
  const { devin } = sandbox;
  const home = await devinHome(sandbox);
  await syncDevin(home, STREAMS);
  const [gone] = devin.users.splice(2, 1);
  const [renamed] = devin.serviceUsers;
  if (gone === undefined || renamed === undefined) throw new Error('nobody is there');
  renamed.name = 'renamed';
  const report = await syncDevin(home, STREAMS);
  expect(streamOf(report, 'users')).toMatchObject({ ...QUIET, absent_records: 1 });
  expect(streamOf(report, 'service-users')).toMatchObject({ ...QUIET, changed_records: 1 });
  const history = await select(
    home,
    `select entity_id, name, valid_to is null as current from entity_history
     where entity_id in ('${gone.user_id}', '${renamed.service_user_id}') order by current, seq`,
  );
  expect(history).toEqual([
    { entity_id: gone.user_id, name: gone.name, current: false },
    { entity_id: renamed.service_user_id, name: 'audit export', current: false },
    { entity_id: renamed.service_user_id, name: 'renamed', current: true },
  ]);
});

test('ids with a bar are escaped in paths, and who belongs by a group alone has a name', async () => {
  const { sandbox, clock } = await devinSandbox({ users: 10 });
  const { devin } = sandbox;
  const listed = new Set(devin.users.map(({ user_id }) => user_id));
  const alone = devin.idpUsers.find(({ user_id }) => !listed.has(user_id));
  if (alone === undefined) throw new Error('nobody belongs by a group alone');
  devin.events.add({
    audit_log_id: 'audit_log-alone',
    created_at: (clock.at - 2 * HOUR) / 1000,
    action: 'login',
    user_id: alone.user_id,
  });
  const home = await devinHome(sandbox, { start: '2026-06-10' });
  await syncDevin(home, ['audit-logs', ...STREAMS, 'consumption-user']);
  const asked = devinRequests(sandbox, /\/daily\/users\//);
  expect(asked).toHaveLength(10);
  expect(asked.filter(({ path }) => path.includes('|') || !path.includes('%7C'))).toEqual([]);
  expect(asked.every(({ status }) => status === 200)).toBe(true);
  expect(
    await select(
      home,
      `select actor_id, actor_name, actor_email from audit_events where event_id = 'audit_log-alone'`,
    ),
  ).toEqual([{ actor_id: alone.user_id, actor_name: alone.name, actor_email: alone.email }]);
});

test('a list that says that there is more and not where is never taken for whole', async () => {
  // Two pages of them are full.
  const { sandbox } = await devinSandbox({ users: 520 });
  const home = await devinHome(sandbox);
  for (const cursor of ['missing', 'repeated'] as const) {
    sandbox.devin.quirks.cursor = cursor;
    const result = streamOf(await syncDevin(home, ['users'], 3), 'users');
    expect(result.outcome).toBe('incomplete');
    expect(result.error?.code).toMatch(/^cursor-/);
    expect(result.absent_records).toBe(0);
  }
  // Not even that there is more.
  Object.assign(sandbox.devin.quirks, { cursor: 'missing', hasNextPage: 'absent' });
  expect(streamOf(await syncDevin(home, ['users'], 3), 'users').outcome).toBe('incomplete');
  sandbox.devin.quirks.cursor = 'present';
  await syncDevin(home, ['users']);
  const rows = await select(home, `select count(*)::int as n from users`);
  expect(rows).toEqual([{ n: sandbox.devin.users.length }]);
});

test('an organization that is deleted while its things are asked for', async () => {
  const { sandbox } = await devinSandbox({ organizations: 4 });
  const { devin } = sandbox;
  const home = await devinHome(sandbox);
  const last =
    devin.organizations
      .map(({ org_id }) => org_id)
      .toSorted()
      .at(-1) ?? '';
  devin.onRequest = ({ path }) => {
    if (path.endsWith('/roles')) {
      devin.onRequest = undefined;
      devin.deleteOrganization(last);
    }
  };
  const streams = ['roles', 'tags', 'git-permissions', 'consumption-organization'];
  const report = await syncDevin(home, streams);
  expect(report.streams.map(({ outcome }) => outcome)).toEqual(streams.map(() => 'complete'));
  expect(devinRequests(sandbox, /\/v3/).filter(({ status }) => status === 403)).toHaveLength(3);
  const tags = await select(home, `select entity_id from entity_history where entity_type = 'tag'`);
  expect(tags).toHaveLength(3);
});

test('the organization that the account is remembered by is deleted', async () => {
  const { sandbox } = await devinSandbox({ organizations: 3, sessions: 40 });
  const { devin } = sandbox;
  const home = await devinHome(sandbox);
  await syncDevin(home, ['organizations', 'sessions']);
  devin.deleteOrganization(devin.organizations.map(({ org_id }) => org_id).toSorted()[0] ?? '');
  const report = await syncDevin(home, ['organizations', 'sessions']);
  expect(streamOf(report, 'organizations')).toMatchObject({ ...QUIET, absent_records: 1 });
});
