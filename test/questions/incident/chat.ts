import type { Item } from '../../load/archive.ts';
import { at, mail, BASE, SECOND, LAST, INTRUDER, CURL, type Read, type Who } from './story.ts';

const user = (who: Who, role: string): Item => ({
  key: `user_${who}`,
  record: { id: `user_${who}`, name: who, email: mail(who), role },
});
const happened = (id: string, when: string, who: Who, type: string, more: object = {}): Item => ({
  key: id,
  time: when,
  record: {
    id,
    type,
    created_at: when,
    organization_uuid: 'o-1',
    actor: {
      type: 'user_actor',
      user_id: `user_${who}`,
      email_address: mail(who),
      ip_address: INTRUDER,
      user_agent: CURL,
    },
    ...more,
  },
});
const [groups, group] = [
  { group_id: 'g1' },
  { id: 'g1', name: 'Platform', roles: [{ id: 'r1', name: 'Workspace Admin' }] },
];

export async function addChat(read: Read): Promise<void> {
  await read(BASE, [
    ['users', [user('ann', 'owner'), user('bob', 'user'), user('cid', 'user')]],
    ['groups', [{ key: 'g1', record: group }]],
    [
      'group-members',
      [{ key: 'g1/user_cid', record: { user_id: 'user_cid', email: mail('cid') } }],
      groups,
    ],
    [
      'api-keys',
      [
        {
          key: 'key_1',
          record: {
            id: 'key_1',
            name: 'ci',
            status: 'active',
            created_at: at(1),
            expires_at: null,
          },
        },
      ],
    ],
  ]);
  await read(SECOND, [['users', [user('bob', 'owner')]]]);
  await read(LAST, [
    [
      'audit-logs',
      [
        happened('a0', at(4, '08:00'), 'ann', 'sso_login_failed'),
        happened('a1', at(11, '20:09'), 'ann', 'claude_user_role_updated', {
          user_id: 'user_bob',
          user_email: mail('bob'),
          previous_role: 'user',
          current_role: 'owner',
        }),
        happened('a2', at(11, '20:14'), 'ann', 'org_sso_toggled', { enabled: false }),
        happened('a3', at(11, '20:21'), 'bob', 'platform_api_key_created', { api_key_id: 'key_2' }),
        happened('a4', at(11, '20:22'), 'bob', 'org_data_export_started'),
        happened('a6', at(17, '09:00'), 'bob', 'inference_hooks_request_denied', {
          hook: 'secrets',
        }),
        {
          key: 'a5',
          time: at(16),
          record: {
            id: 'a5',
            type: 'anthropic_access',
            created_at: at(16),
            organization_uuid: 'o-1',
            actor: { type: 'anthropic_actor' },
          },
        },
      ],
    ],
    [
      'usage-messages',
      [
        {
          key: at(5),
          time: at(5),
          record: {
            starting_at: at(5),
            ending_at: at(6),
            results: [{ model: 'claude-4', uncached_input_tokens: 100, output_tokens: 20 }],
          },
        },
      ],
    ],
    [
      'claude-code',
      [
        {
          key: 'ann/2026-11-10',
          time: at(10),
          record: {
            date: at(10),
            actor: { type: 'user_actor', email_address: mail('ann') },
            core_metrics: { num_sessions: 2 },
          },
        },
      ],
      { granularity: 'daily', day: at(10), owners: JSON.stringify({ [mail('ann')]: 'user_ann' }) },
    ],
  ]);
}
