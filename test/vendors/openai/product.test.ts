/** The whole product on the sandbox of an organization. */
import { expect, test } from 'vitest';
import { openai } from '../../../src/vendors/openai/vendor.ts';
import { DAY, Organization } from './organization.ts';

test('a first sync, what the tables say of it, and the nights after', async () => {
  const organization = await Organization.make({ events: 250, projects: 2, users: 5 });
  const { vendor, home } = organization;
  Object.assign(home.env, { AUDITLAKE_START: '2026-06-01' });
  const report = await organization.sync();
  expect(report.outcome).toBe('complete');
  // Off unless it is asked for: it takes a request for each member of each project.
  expect(report.streams.map(({ stream }) => stream)).toEqual(
    openai.streams
      .map(({ name }) => name)
      .filter((name) => name !== 'project-user-roles' && !name.startsWith('chatgpt-')),
  );
  expect(report.streams.filter(({ outcome }) => outcome !== 'complete')).toEqual([]);

  // Both halves of the log, each event once.
  const events = vendor.events.count + vendor.tenantEvents.count;
  expect(
    await organization.query(
      'select count(*) as n, count(distinct event_id) as ids from audit_events',
    ),
  ).toEqual([{ n: events, ids: events }]);
  expect(
    await organization.query(
      `select distinct action, category, activity, target_type, target_name is not null as named
      from audit_events
      where action in ('api_key.created', 'role.assignment.created', 'tenant.group.member.added', 'model_garden.pruned')
      order by 1`,
    ),
  ).toEqual([
    {
      action: 'api_key.created',
      category: 'credential',
      activity: 'create',
      target_type: 'api_key',
      named: true,
    },
    {
      action: 'model_garden.pruned',
      category: 'other',
      activity: 'other',
      target_type: 'model_garden',
      named: false,
    },
    {
      action: 'role.assignment.created',
      category: 'access',
      activity: 'grant',
      target_type: 'user',
      named: true,
    },
    {
      action: 'tenant.group.member.added',
      category: 'group',
      activity: 'grant',
      target_type: 'user',
      named: true,
    },
  ]);
  // Of what has a project, the project; of an update, what was asked for.
  expect(
    await organization.query(
      `select distinct details -> '$.changes_requested' ->> 'title' as title, details -> '$.project' ->> 'id' is not null as booked
      from audit_events where action = 'project.updated'`,
    ),
  ).toEqual([{ title: 'Výzkum', booked: true }]);
  expect(
    await organization.query(
      `select actor_type, bool_and(actor_name is not null) as named from audit_events group by 1 order by 1`,
    ),
  ).toEqual([
    { actor_type: 'api_key', named: true },
    { actor_type: 'unknown', named: false },
    { actor_type: 'user', named: true },
  ]);

  // Who administers: the owner, and the owners of projects. What holds more than a person does.
  const [owner] = vendor.directory.users;
  expect(
    await organization.query(`select email from admins where list_contains(known_from, 'user')`),
  ).toEqual([{ email: owner?.email }]);
  expect(
    await organization.query(
      `select holder_type, role, scope_type, count(*) as n from access_grants where scope_type <> 'team' group by all order by all`,
    ),
  ).toEqual([
    { holder_type: 'api_key', role: 'admin', scope_type: 'organization', n: 1 },
    { holder_type: 'service_user', role: 'member', scope_type: 'project', n: 3 },
    { holder_type: 'team', role: 'key manager', scope_type: 'organization', n: 1 },
    { holder_type: 'team', role: 'key manager', scope_type: 'project', n: 2 },
    { holder_type: 'team', role: 'member', scope_type: 'project', n: 2 },
    { holder_type: 'user', role: 'key manager', scope_type: 'organization', n: 1 },
    { holder_type: 'user', role: 'member', scope_type: 'project', n: 7 },
    { holder_type: 'user', role: 'owner', scope_type: 'organization', n: 1 },
    { holder_type: 'user', role: 'owner', scope_type: 'project', n: 3 },
    { holder_type: 'user', role: 'reader', scope_type: 'organization', n: 4 },
  ]);
  // Archived projects and hidden keys are there; nothing of a key is.
  expect(
    await organization.query(
      `select count(*) filter (entity_type = 'project') as projects,
        count(*) filter (attributes ->> 'owner_project_access' = 'inactive') as hidden,
        count(*) filter (attributes::varchar like '%sk-%' or attributes::varchar like '%last_used_at%') as shown
      from entity_history`,
    ),
  ).toEqual([{ projects: 3, hidden: 3, shown: 0 }]);

  // What is added up agrees in every direction, and with the bill.
  const sums = `
    select scope, round(sum(value), 6) as value from usage_metrics
    where model is null and tool is null and metric = $1 group by scope order by scope`;
  expect(await organization.query(sums.replace('$1', `'usage_bytes'`))).toMatchObject([
    { scope: 'organization' },
    { scope: 'project' },
  ]);
  for (const metric of ['amount.value', 'num_model_requests']) {
    const rows = await organization.query(sums.replace('$1', `'${metric}'`));
    const of = Object.fromEntries(rows.map(({ scope, value }) => [scope, value]));
    expect({ metric, project: of['project'], key: of['api_key'] }).toEqual({
      metric,
      project: of['organization'],
      key: of['organization'],
    });
  }
  expect(
    await organization.query(
      `select distinct unit, dataset from usage_metrics where metric = 'amount.value'`,
    ),
  ).toEqual([{ unit: 'USD', dataset: 'costs' }]);
  expect(
    await organization.query(
      `select count(*) > 10 as many, min(input_tokens) > 0 as tokens from model_usage where dataset = 'usage-completions'`,
    ),
  ).toEqual([{ many: true, tokens: true }]);

  // Nothing new, within the requests that the docs name.
  const projects = vendor.directory.projects.length;
  const [groups, users] = [vendor.directory.groups.length, vendor.directory.users.length];
  const held = [...vendor.directory.projectGroups.values()].flat().length;
  let again = report;
  const requests = await organization.requestsOf(async () => {
    again = await organization.sync();
  });
  expect(
    again.streams.filter(({ new_records, changed_records }) => new_records + changed_records > 0),
  ).toEqual([]);
  expect(requests).toBeLessThanOrEqual(12 * projects + 2 * groups + held + users + 25);

  // A day later: late events, a day that was booked anew, keys that were used.
  vendor.quirks.keysInUse = true;
  vendor.usage.restated.set(Date.UTC(2026, 5, 8) / 1000, 2);
  const late = Math.floor(Date.UTC(2026, 5, 15, 2) / 1000);
  vendor.add({ id: 'audit_log-late', type: 'login.succeeded', effective_at: late, actor: null });
  organization.pass(DAY);
  const before = await organization.query('select count(*) as n from entity_history');
  await organization.sync(['audit-logs', 'api-keys', 'costs']);
  expect(await organization.query('select count(*) as n from entity_history')).toEqual(before);
  expect(
    await organization.query(`select event_id from audit_events where event_id = 'audit_log-late'`),
  ).toHaveLength(1);
  expect(
    await organization.query(
      `select count(*) as n, round(max(value) / min(value), 6) as factor from usage_metrics_history
      where dataset = 'costs' and scope = 'organization' and tool is null and period_start = '2026-06-08'`,
    ),
  ).toEqual([{ n: 2, factor: 2 }]);
});
