import { rm } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { DEVIN, type Item, OWN, type Row, rowsOf, TABNINE, TestArchive } from './archive.ts';

/** Days of November 2026 as instants. */
export const nov = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`;

const READ = { at: '2026-11-21T02:00:00Z' };

const user = (id: string, username: string, role = 'Member'): Item => ({
  key: id,
  record: { id, username, email: `${username}@acme.test`, role, team: { id: 't1', name: 'Core' } },
});

const daily = (scopeId: string, day: number, figures: object): Item => ({
  key: `${scopeId}/${nov(day)}`,
  time: nov(day),
  record: { from: nov(day), to: nov(day + 1), ...figures },
});

const asked = (scope: string, scopeId: string, more: object = {}): Record<string, string> => ({
  scope,
  scope_id: scopeId,
  granularity: 'daily',
  ...more,
});

const permission = (name: string): Item => ({ key: `Admin/${name}`, record: { username: name } });

const model = (name: string, messages: number): object => ({
  model: name,
  messages,
  uniqueUsers: 2,
  inputTokens: 100,
  outputTokens: 10,
});

/** Everything that the sources tell, in small: every public table and view has rows. */
export async function addCompany(archive: TestArchive): Promise<void> {
  await addAssistant(archive);
  archive.account = DEVIN;
  await addAgents(archive);
  archive.account = OWN;
  await archive.add('findings', [finding('open'), finding('closed')]);
  archive.account = TABNINE;
}

const finding = (state: 'open' | 'closed'): Item => ({
  key: `finding-${state}`,
  time: nov(8),
  record: {
    finding_id: `finding-${state}`,
    detection: 'role-to-oneself',
    title: 'Somebody gave a role to themselves',
    severity: 'high',
    source: 'agents',
    subject: 'ann@acme.test',
    first_seen_at: nov(8),
    last_seen_at: nov(8),
    found_at: nov(9),
    evidence: ['agents:a3'],
    details: { action: 'assign_roles' },
    techniques: ['T1098.003'],
    respond: 'Ask the person',
    state,
    reason: state === 'open' ? null : 'agreed',
    rule: '0'.repeat(64),
    revision: 1,
  },
});

async function addAssistant(archive: TestArchive): Promise<void> {
  const users = (at: string, active: string, items: Item[]): Promise<void> =>
    archive.add('users', items, { at, context: { active } });

  await archive.add('organization', [{ key: 'org-1', record: { id: 'org-1', name: 'Acme' } }], {
    at: nov(1),
  });
  await archive.add('teams', [{ key: 't1', record: { id: 't1', name: 'Core' } }], { at: nov(1) });
  await users(nov(1), 'true', [
    user('u1', 'ann', 'Admin'),
    user('u2', 'bob', 'Admin'),
    user('u3', 'cid'),
    user('u4', 'dee'),
  ]);
  await users(nov(1), 'false', [user('u5', 'eve')]);
  // Bob was no admin for three days.
  await users(nov(5), 'true', [user('u2', 'bob')]);
  await users(nov(8), 'true', [user('u2', 'bob', 'Admin')]);
  await archive.add('permissions', [permission('ann'), permission('bob'), permission('zoe')], {
    at: nov(10),
    context: { role: 'Admin' },
  });
  await archive.add('permissions', [{ absent: 'Admin/bob', at: nov(12) }], { at: nov(12) });
  await archive.add(
    'license',
    [{ key: 'license', record: { seats: '10', seatsCap: 12, exp: 1895529600 } }],
    READ,
  );

  await archive.add(
    'usage-team',
    [
      daily('t1', 1, {
        activeUsers: 3,
        codeCompletions: { completions: 40 },
        chat: { messages: 7 },
        agent: { messages: 5, linesAdded: 20, linesAddedAccepted: 15 },
      }),
      daily('t1', 2, { activeUsers: 0, agent: { linesAdded: 0, linesAddedAccepted: 0 } }),
    ],
    { ...READ, context: asked('team', 't1') },
  );
  await archive.add(
    'usage-team',
    [daily('t1', 2, { activeUsers: 1, agent: { linesAdded: 0, linesAddedAccepted: 0 } })],
    {
      at: '2026-11-22T02:00:00Z',
      context: asked('team', 't1'),
    },
  );
  await archive.add(
    'usage-models-organization',
    [
      {
        key: `org-1/${nov(1)}`,
        record: {
          from: nov(2),
          to: nov(2),
          chat: { models: [model('uuid-a', 7)] },
          agent: { models: [model('uuid-a', 5)] },
        },
      },
    ],
    {
      ...READ,
      context: asked('organization', 'org-1', { granularity: 'all', from: nov(1), to: nov(2) }),
    },
  );
  await archive.add(
    'agent-usage-organization',
    [
      daily('org-1', 1, {
        totalTokensConsumed: 300,
        modelBreakdown: [
          { model: 'claude', tokensConsumed: 300, inputTokens: 250, outputTokens: 50, cost: 1.25 },
        ],
        agentTypeBreakdown: [
          { agentType: 'cli', modelBreakdown: [{ model: 'claude', cost: 1.25 }] },
        ],
      }),
    ],
    { ...READ, context: asked('organization', 'org-1') },
  );
  await archive.add(
    'agent-usage-user',
    [
      daily('u1', 1, {
        totalCost: 1.25,
        agentTypeBreakdown: [
          { agentType: 'cli', cost: 0.75 },
          { agentType: 'IDE', cost: 0.25 },
        ],
      }),
    ],
    { ...READ, context: asked('user', 'u1') },
  );
  const activity = async (id: string, figures: Record<string, number>): Promise<void> => {
    const items = Object.entries(figures).map(([from, activeUsers]) => ({
      key: `${id}/${from}`,
      record: { from, activeUsers },
    }));
    await archive.add('usage-user', items, { ...READ, context: asked('user', id) });
  };
  await activity('u1', { '2026-10-01T00:00:00Z': 1, [nov(20)]: 1 });
  // The last 30 days read begin on 22 October.
  await activity('u2', { '2026-10-22T00:00:00Z': 1, [nov(20)]: 0 });
  await activity('u3', { '2026-10-21T00:00:00Z': 1, [nov(20)]: 0 });
  await archive.add('account-utilization', [
    {
      key: '2026-10',
      record: { year: 2026, month: 10, registered: 5, deactivated: 1, active: 3, pending: 0 },
    },
  ]);
  await archive.add(
    'team-utilization',
    [{ key: 't1', record: { registered: 4, deactivated: 1, invited: 0 } }],
    {
      ...READ,
      context: { team_id: 't1' },
    },
  );
  const event = {
    id: 'e1',
    timestamp: nov(6),
    eventType: 'role.assigned',
    actor: { id: 'u1' },
    request: { ipAddress: '192.0.2.1' },
  };
  await archive.add('audit-logs', [{ key: 'e1', time: nov(6), record: event }], READ);
  await archive.add('audit-logs', [{ absent: 'e1', at: nov(20) }], READ);
}

/** The vendor's day begins at 08:00Z. */
const consumed = (scopeId: string, day: number, acus: number, products: object): Item => ({
  key: `${scopeId}/2026-11-${String(day).padStart(2, '0')}T08:00:00Z`,
  record: { date: Date.UTC(2026, 10, day, 8) / 1000, acus, acus_by_product: products },
});

const held = (role: string, org: string | null = null): object => ({
  role: {
    role_id: `role-${role}`,
    role_name: role,
    role_type: org === null ? 'enterprise' : 'org',
  },
  org_id: org,
});

const happened = (id: string, day: number, action: string, more: object): Item => ({
  key: id,
  time: nov(day),
  record: { action, audit_log_id: id, created_at: Date.parse(nov(day)) / 1000, data: {}, ...more },
});

const ANN = { user_id: 'email|ann', user_email: 'Ann@acme.test' };

const ann = (...assignments: object[]): Item => ({
  key: 'email|ann',
  record: {
    user_id: 'email|ann',
    name: 'Ann A.',
    email: 'Ann@acme.test',
    role_assignments: assignments,
  },
});

const idpUser = (key: string, email: string): Item => ({
  key,
  record: { name: key, email, idp_role_assignments: [] },
});

async function addAgents(archive: TestArchive): Promise<void> {
  const list = (stream: string, day: number, items: Item[]): Promise<void> =>
    archive.add(stream, items, { at: nov(day) });

  await list('organizations', 1, [
    { key: 'org-emea', record: { org_id: 'org-emea', name: 'EMEA' } },
    { key: 'org-us', record: { org_id: 'org-us', name: 'US' } },
  ]);
  // Ann was in no organization for three days.
  await list('users', 1, [ann(held('Admin'), held('Member', 'org-emea'))]);
  await list('users', 5, [ann(held('Admin'))]);
  await list('users', 8, [ann(held('Admin'), held('Member', 'org-emea'))]);
  await list('idp-users', 1, [
    {
      key: 'email|ann',
      record: { name: 'ANN', email: 'Ann@acme.test', idp_role_assignments: [held('Admin')] },
    },
    {
      key: 'okta|fay',
      record: {
        name: 'Fay',
        email: 'fay@acme.test',
        idp_role_assignments: [{ idp_group_name: 'Eng', ...held('Member', 'org-us') }],
      },
    },
    // Was deactivated elsewhere.
    idpUser('okta|eve', 'eve@acme.test'),
    // Two that share an address.
    idpUser('okta|r1', 'robots@acme.test'),
    idpUser('okta|r2', 'robots@acme.test'),
  ]);
  await list('idp-groups', 2, [
    { key: 'Eng', record: { idp_group_name: 'Eng', role_assignments: [held('Member', 'org-us')] } },
  ]);
  await list('service-users', 3, [
    {
      key: 'service-user-ci',
      record: { name: 'ci', deleted_at: null, role_assignments: [held('Runner', 'org-emea')] },
    },
    {
      key: 'service-user-old',
      record: { name: 'old', deleted_at: 1762000000, role_assignments: [held('Runner')] },
    },
  ]);

  const figures = (scope: string, scopeId: string, items: Item[]): Promise<void> =>
    archive.add(`consumption-${scope.replace('_', '-')}`, items, {
      ...READ,
      context: asked(scope, scopeId),
    });
  await figures('enterprise', 'ent', [
    consumed('ent', 1, 10, { devin: 8, cascade: 2, review: null }),
    consumed('ent', 2, 1, { devin: 1 }),
    // Of this day no organization was read yet.
    consumed('ent', 3, 5, { devin: 5 }),
  ]);
  await figures('organization', 'org-emea', [
    consumed('org-emea', 1, 5.1, { devin: 5.1, cascade: 0 }),
    consumed('org-emea', 2, 1, { devin: 1 }),
  ]);
  await figures('organization', 'org-us', [consumed('org-us', 1, 2.2, { devin: 2.2 })]);
  await figures('user', 'email|ann', [
    consumed('email|ann', 1, 4, { devin: 3, cascade: 1 }),
    consumed('email|ann', 2, 2, { devin: 0, cascade: 0 }),
  ]);

  await archive.add(
    'sessions',
    [
      {
        key: 'abc',
        record: {
          session_id: 'abc',
          org_id: 'org-emea',
          user_id: 'email|ann',
          status: 'running',
          origin: 'slack',
          created_at: Date.parse(nov(6)) / 1000,
          acus_consumed: 1.5,
          pull_requests: [{ pr_url: 'https://git.acme.test/1', pr_state: 'merged' }],
        },
      },
    ],
    READ,
  );
  await archive.add(
    'audit-logs',
    [
      happened('a1', 6, 'create_secret', { ...ANN, data: { secret_id: 's', secret_name: 'DB' } }),
      happened('a2', 7, 'ai_guardrail_violation', {
        ...ANN,
        org_id: 'org-emea',
        data: { session_id: 'devin-abc', rule: 'no-prod' },
      }),
      happened('a3', 8, 'assign_roles', {
        service_user_id: 'service-user-ci',
        data: { target_user_id: 'okta|fay' },
      }),
      happened('a4', 9, 'brand_new', {}),
    ],
    READ,
  );
}

/** The warehouse of the company, for the tests of a file. */
export function companyWarehouse(): {
  path: () => string;
  query: (sql: string) => Promise<Row[]>;
} {
  let archive: TestArchive;
  let path: string;
  beforeAll(async () => {
    archive = await TestArchive.open();
    await addCompany(archive);
    ({ path } = await archive.load());
  });
  afterAll(() => rm(archive.home, { recursive: true, force: true }));
  return { path: () => path, query: (sql) => rowsOf(path, sql) };
}
