import type { Item } from '../../load/archive.ts';
import { at, mail, BASE, SECOND, LAST, INTRUDER, type Read, type Who } from './story.ts';

const member = (who: Who, role: string, more: object = {}): Item => ({
  key: mail(who),
  record: { id: mail(who), name: who, email: mail(who), role, isRemoved: false, ...more },
});
const happened = (id: string, when: string, who: Who, type: string, data: object = {}): Item => ({
  key: id,
  time: when,
  record: {
    event_id: id,
    timestamp: when,
    ip_address: INTRUDER,
    user_email: mail(who),
    event_type: type,
    event_data: data,
  },
});
const call = (who: Who, key: string, when: string, cents: number): Item => ({
  key,
  time: when,
  record: {
    timestamp: when,
    userEmail: mail(who),
    model: 'claude-4',
    chargedCents: cents,
    requestsCosts: 1,
    tokenUsage: { inputTokens: 900, outputTokens: 100 },
  },
});

export async function addEditor(read: Read): Promise<void> {
  await read(BASE, [
    ['members', [member('ann', 'owner'), member('bob', 'member'), member('cid', 'member')]],
  ]);
  await read(SECOND, [['members', [member('bob', 'owner')]]]);
  await read(LAST, [
    [
      'audit-logs',
      [
        happened('c1', at(11, '20:01'), 'ann', 'login'),
        happened('c2', at(11, '20:03'), 'ann', 'update_user_role', {
          user_email: mail('bob'),
          old_role: 'member',
          new_role: 'owner',
        }),
        happened('c3', at(11, '20:08'), 'ann', 'privacy_mode', {
          old_value: 'enabled',
          new_value: 'disabled',
        }),
        happened('c4', at(11, '20:11'), 'bob', 'team_api_key', {
          action: 'created',
          key_name: 'backup',
        }),
        happened('c5', at(11, '20:13'), 'bob', 'team_hook', {
          action: 'created',
          name: 'start',
          hook_id: 'h1',
        }),
        happened('c6', at(11, '20:17'), 'bob', 'mcp_server_config', { server_name: 'helper' }),
        happened('c8', at(15, '10:00'), 'ann', 'team_rule', {
          action: 'updated',
          name: 'style',
          rule_id: 'r1',
        }),
        happened('c7', at(11, '20:19'), 'bob', 'team_data_export_download'),
      ],
    ],
    [
      'usage-events',
      [call('ann', 'u1', at(6, '09:00'), 250), call('bob', 'u2', at(11, '21:00'), 950)],
    ],
  ]);
}
