import type { Item } from '../../load/archive.ts';
import {
  at,
  seconds,
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

const role = (id: string, name: string): object => ({
  role_id: id,
  role_name: name,
  role_type: 'enterprise',
});
const [admin, member] = [role('account_admin', 'Account Admin'), role('account_member', 'Member')];
const user = (who: Who, given: object): Item => ({
  key: `email|${who}`,
  record: {
    user_id: `email|${who}`,
    name: who,
    email: mail(who),
    role_assignments: [{ role: given, org_id: null }],
  },
});
const happened = (id: string, when: string, who: Who, action: string, data: object = {}): Item => ({
  key: id,
  time: when,
  record: {
    audit_log_id: id,
    action,
    created_at: seconds(when),
    user_id: `email|${who}`,
    user_email: mail(who),
    data,
  },
});
const consumed = (who: Who, day: number, acus: number): Item => ({
  key: `email|${who}/${at(day, '08:00')}`,
  time: at(day, '08:00'),
  record: { date: seconds(at(day, '08:00')), acus, acus_by_product: { devin: acus } },
});
const figures = { scope: 'user', scope_id: 'email|ann', granularity: 'daily' };

export async function addAgents(read: Read): Promise<void> {
  await read(BASE, [
    ['organizations', [{ key: 'org-emea', record: { org_id: 'org-emea', name: 'EMEA' } }]],
    ['users', [user('ann', admin), user('bob', member), user('cid', member)]],
    [
      'service-users',
      [
        {
          key: 'service-user-ci',
          record: {
            name: 'ci',
            deleted_at: null,
            role_assignments: [{ role: member, org_id: 'org-emea' }],
          },
        },
      ],
    ],
  ]);
  await read(SECOND, [['users', [user('bob', admin)]]]);
  await read(LAST, [
    [
      'audit-logs',
      [
        happened('d1', at(2, '09:30'), 'ann', 'login', {
          ip_address: USUAL,
          user_agent: 'Firefox',
        }),
        happened('d2', at(11, '20:06'), 'ann', 'assign_roles', {
          target_user_id: 'email|bob',
          roles: ['Account Admin'],
          ip_address: INTRUDER,
          user_agent: CURL,
        }),
        happened('d3', at(11, '20:10'), 'bob', 'create_service_user_api_key', {
          api_key_id: 'k1',
          api_key_name: 'backup',
        }),
        happened('d4', at(11, '20:12'), 'bob', 'create_audit_log_export'),
        happened('d5', at(11, '20:15'), 'bob', 'mcp_server_install', {
          mcp_server_id: 'm1',
          server_name: 'helper',
        }),
        happened('d6', at(14, '11:00'), 'bob', 'ai_guardrail_violation', {
          session_id: 'devin-abc',
          rule: 'no-prod',
        }),
        happened('d7', at(15, '11:00'), 'bob', 'update_playbook', {
          playbook_id: 'p1',
          playbook_name: 'deploy',
        }),
        happened('d8', at(16, '11:00'), 'ann', 'fold_space'),
        { finding: 'vanished', at: LAST, what: '{"event_uid":"agents:d1"}' },
      ],
    ],
    ['consumption-user', [consumed('ann', 5, 4)], figures],
    [
      'sessions',
      [
        {
          key: 'abc',
          time: at(14, '11:30'),
          record: {
            session_id: 'abc',
            org_id: 'org-emea',
            user_id: 'email|bob',
            status: 'finished',
            origin: 'api',
            created_at: seconds(at(14, '10:30')),
            updated_at: seconds(at(14, '11:30')),
            acus_consumed: 1.5,
            pull_requests: [{ pr_url: 'https://git.acme.test/1', pr_state: 'merged' }],
          },
        },
      ],
    ],
  ]);
  await read(at(22, '02:00'), [['consumption-user', [consumed('ann', 5, 5)], figures]]);
}
