/** Tasks of the coding agent and what it may do, of repositories that are named; and who was in which team on a day. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { streamOf } from '../../harness.ts';
import { type Github, githubHome, HOUR, NOW } from './support.ts';

const STREAMS = ['agent-tasks', 'agent-configuration'];

async function withRepositories(agentRepositories: readonly string[]): Promise<Github> {
  const made = await githubHome();
  const [token, baseUrl] = ['${GITHUB_AUDIT_TOKEN}', '${GITHUB_BASE_URL}'];
  const account = { enterprise: 'acme', organization: 'acme-eng', agentRepositories };
  const start = '2026-01-01';
  await made.home.configure({
    start,
    sources: { github: { type: 'github', token, baseUrl, ...account } },
  });
  return made;
}

/** All that a home has archived. */
function archived(home: Github['home']): string {
  const files = readdirSync(join(home.folder, 'archive'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.gz'))
    .map((file) => gunzipSync(readFileSync(join(home.folder, 'archive', file))).toString('utf8'))
    .join('\n');
}

test.each([
  ['a list with a name, archived tasks by themselves', { taskList: 'tasks' }],
  ['another name, archived tasks with the others', { taskList: 'items', archivedWithOthers: true }],
  ['a bare list', { taskList: 'bare' }],
] as const)('tasks are sessions, without what was asked for: %s', async (_what, quirks) => {
  const { vendor, home, clock, sync } = await withRepositories([
    'acme-eng/repo-1',
    'acme-eng/repo-2',
  ]);
  Object.assign(vendor.quirks, quirks);
  expect(streamOf(await sync(0, STREAMS), 'agent-tasks')).toMatchObject({ new_records: 24 });
  const sessions = await home.query(
    `select count(*) as n, count(distinct user_id) > 1 as people, sum(is_archived::int) as archived, count(title) as titles from work_sessions`,
  );
  expect(sessions).toEqual([{ n: 24, people: true, archived: 4, titles: 0 }]);
  expect(archived(home)).not.toMatch(/Make the secret|Secret thing|plain-secret|COPILOT_MCP_KEY/);

  const [task] = vendor.tasks.get('acme-eng/repo-1') ?? [];
  if (task === undefined) throw new Error('there is no task');
  Object.assign(task, { state: 'timed_out', updated_at: new Date(NOW).toISOString() });
  clock.now += HOUR;
  expect(streamOf(await sync(0, STREAMS), 'agent-tasks')).toMatchObject({
    new_records: 0,
    changed_records: 1,
  });
  expect(
    await home.query(`select status from work_sessions where session_id = '${task.id}'`),
  ).toEqual([{ status: 'timed_out' }]);
});

test('a firewall that is switched off is a version; a repository that is not there ends alone', async () => {
  const { home, sync } = await withRepositories([
    'acme-eng/repo-1',
    'acme-eng/repo-9',
    'acme-eng/repo-2',
  ]);
  const run = await sync(0, STREAMS);
  expect(streamOf(run, 'agent-configuration')).toMatchObject({
    outcome: 'complete',
    new_records: 2,
  });
  const found = await home.query(
    `select name, attributes ->> 'is_firewall_enabled' as firewall from entity_history where entity_type = 'agent_configuration' order by 1`,
  );
  expect(found).toEqual([
    { name: 'acme-eng/repo-1', firewall: 'true' },
    { name: 'acme-eng/repo-2', firewall: 'false' },
  ]);
});

test('the size of a team on a day, from the first day that has a report', async () => {
  const { vendor, home, sync } = await githubHome({}, { env: { AUDITLAKE_START: '2024-01-01' } });
  expect(streamOf(await sync(0, ['copilot-user-teams']), 'copilot-user-teams').outcome).toBe(
    'complete',
  );
  const [team] = vendor.company.enterpriseTeams;
  const sizes = await home.query(
    `select min(day)::varchar as since, min(members) as least, max(members) as most from (
      select period_start::date as day, scope_id, sum(value) as members from usage_metrics where dataset = 'copilot-user-teams' group by all
    )`,
  );
  const members = team?.members.length;
  expect(sizes).toEqual([{ since: '2026-05-14', least: members, most: members }]);
});
