import type { Item, TestArchive } from './archive.ts';

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

/** Everything that a source tells, in small: every public table and view has rows. */
export async function addCompany(archive: TestArchive): Promise<void> {
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
  const event = { id: 'e1', timestamp: nov(6), eventType: 'role.assigned', actor: { id: 'u1' } };
  await archive.add('audit-logs', [{ key: 'e1', time: nov(6), record: event }], READ);
  await archive.add('audit-logs', [{ absent: 'e1', at: nov(20) }], READ);
}
