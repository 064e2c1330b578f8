import type { Item } from '../../load/archive.ts';
import {
  at,
  mail,
  BASE,
  SECOND,
  LAST,
  USUAL,
  INTRUDER,
  CURL,
  type Read,
  type Who,
} from './story.ts';

const user = (who: Who, role: string): Item => ({
  key: `t-${who}`,
  record: {
    id: `t-${who}`,
    username: who,
    email: mail(who),
    role,
    team: { id: 'core', name: 'Core' },
  },
});
const happened = (id: string, when: string, who: Who, what: object, ip = USUAL): Item => ({
  key: id,
  time: when,
  record: {
    id,
    timestamp: when,
    actor: { id: `t-${who}`, type: 'user', email: mail(who), displayName: who },
    request: { ipAddress: ip, userAgent: ip === USUAL ? 'Firefox' : CURL },
    ...what,
  },
});
const signsIn = { eventType: 'user.login', resource: { id: 't-ann', type: 'user', name: 'ann' } };
const cost = (who: Who, day: string, totalCost: number): Item => ({
  key: `t-${who}/${day}`,
  time: day,
  record: { from: day, to: day, totalCost },
});
const costs = { scope: 'user', granularity: 'daily' };
const active = { active: 'true' };

export async function addAssistant(read: Read): Promise<void> {
  await read(BASE, [
    ['organization', [{ key: 'org-1', record: { id: 'org-1', name: 'Acme' } }]],
    ['teams', [{ key: 'core', record: { id: 'core', name: 'Core' } }]],
    ['users', [user('ann', 'Admin'), user('bob', 'Member'), user('cid', 'Member')], active],
  ]);
  await read(SECOND, [
    // Of Bob an event says it, of Dee nobody does.
    ['users', [user('bob', 'Admin'), user('dee', 'Admin')], active],
    ['users', [user('cid', 'Member')], { active: 'false' }],
  ]);
  await read(LAST, [
    [
      'audit-logs',
      [
        happened('t1', at(2, '09:00'), 'ann', signsIn),
        happened('t2', at(11, '20:00'), 'ann', signsIn, INTRUDER),
        happened(
          't3',
          at(11, '20:05'),
          'ann',
          {
            eventType: 'role.assigned',
            resource: { id: 'Admin', type: 'role', name: 'Admin' },
            metadata: { userId: 't-bob', field: 'role', oldValue: 'Member', newValue: 'Admin' },
          },
          INTRUDER,
        ),
        happened('t4', at(13, '10:00'), 'bob', {
          eventType: 'crystal.gazed',
          resource: { id: 'org-1', type: 'organization', name: 'Acme' },
        }),
        // Served with another content than before.
        { finding: 'changed', at: LAST, what: '{"event_uid":"assistant:t1"}' },
      ],
    ],
    [
      'agent-usage-user',
      [cost('ann', '2026-10-05T00:00:00Z', 2), cost('ann', at(5), 3)],
      { ...costs, scope_id: 't-ann' },
    ],
    [
      'usage-user',
      [{ key: 't-ann/x', time: at(20), record: { from: at(20), activeUsers: 1 } }],
      { ...costs, scope_id: 't-ann' },
    ],
    [
      'usage-user',
      [{ key: 't-bob/x', time: at(20), record: { from: at(20), activeUsers: 0 } }],
      { ...costs, scope_id: 't-bob' },
    ],
    [
      'agent-usage-organization',
      [
        {
          key: `org-1/${at(5)}`,
          time: at(5),
          record: {
            from: at(5),
            to: at(6),
            modelBreakdown: [{ model: 'claude', inputTokens: 250, outputTokens: 50, cost: 4 }],
          },
        },
      ],
      { scope: 'organization', scope_id: 'org-1', granularity: 'daily' },
    ],
    ['license', [{ key: 'license', record: { seats: '10', seatsCap: 12, exp: 1895529600 } }]],
  ]);
  // The vendor has corrected a figure.
  await read(at(22, '02:00'), [
    ['agent-usage-user', [cost('ann', at(5), 4)], { ...costs, scope_id: 't-ann' }],
  ]);
}
