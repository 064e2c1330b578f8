import type { Item } from '../../load/archive.ts';
import {
  at,
  seconds,
  mail,
  BASE,
  SECOND,
  LAST,
  INTRUDER,
  CURL,
  type Read,
  type Who,
} from './story.ts';

const user = (who: Who, role: string): Item => ({
  key: `user-${who}`,
  record: { id: `user-${who}`, name: who, email: mail(who), role },
});
const happened = (
  id: string,
  when: string,
  who: Who,
  type: string,
  details: object = {},
): Item => ({
  key: id,
  time: when,
  record: {
    id,
    type,
    effective_at: seconds(when),
    actor: {
      type: 'session',
      session: {
        user: { id: `user-${who}`, email: mail(who) },
        ip_address: INTRUDER,
        user_agent: CURL,
      },
    },
    [type]: details,
  },
});
const key = (id: string, expires: number | null): Item => ({
  key: id,
  record: {
    id,
    name: id,
    created_at: seconds(at(1)),
    expires_at: expires,
    owner: { type: 'user', id: 'user-ann', name: 'ann' },
  },
});

const cost = (value: number): Item => ({
  key: at(5),
  time: at(5),
  record: {
    start_time: seconds(at(5)),
    results: [{ amount: { value, currency: 'usd' }, line_item: 'tokens', project_id: 'p1' }],
  },
});
const used = {
  model: 'gpt-5',
  user_id: 'user-ann',
  input_tokens: 100,
  output_tokens: 20,
  num_model_requests: 3,
};

export async function addApi(read: Read): Promise<void> {
  await read(BASE, [
    ['users', [user('ann', 'owner'), user('bob', 'reader')]],
    ['admin-api-keys', [key('key_old', seconds('2027-01-01T00:00:00Z'))]],
  ]);
  await read(SECOND, [
    ['users', [user('bob', 'owner')]],
    ['admin-api-keys', [key('key_backup', null)]],
  ]);
  await read(LAST, [
    [
      'audit-logs',
      [
        happened('o0', at(11, '19:58'), 'ann', 'login.failed', { error_code: 'mfa_failed' }),
        happened('o1', at(11, '19:59'), 'ann', 'login.succeeded'),
        happened('o2', at(11, '20:23'), 'ann', 'user.updated', {
          id: 'user-bob',
          changes_requested: { role: 'owner' },
        }),
        happened('o3', at(11, '20:24'), 'bob', 'api_key.created', {
          id: 'key_backup',
          data: { scopes: ['api.all'] },
        }),
        happened('o4', at(11, '20:25'), 'bob', 'ip_allowlist.deleted', { id: 'list_1' }),
      ],
    ],
    ['costs', [cost(1.5)]],
    [
      'usage-completions',
      [{ key: at(5), time: at(5), record: { start_time: seconds(at(5)), results: [used] } }],
      { dimensions: 'project_id user_id api_key_id model' },
    ],
  ]);
  await read(at(22, '02:00'), [['costs', [cost(1.75)]]]);
}
