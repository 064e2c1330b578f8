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

const ids: Record<Who, number> = { ann: 1, bob: 2, cid: 3, dee: 4 };
const member = (who: Who): Item => ({
  key: String(ids[who]),
  record: { id: ids[who], login: who, email: mail(who) },
});
const happened = (
  id: string,
  when: string,
  who: Who,
  action: string,
  more: object = {},
  ip = INTRUDER,
): Item => ({
  key: id,
  time: when,
  record: {
    _document_id: id,
    '@timestamp': Date.parse(when),
    action,
    actor: who,
    actor_id: ids[who],
    actor_ip: ip,
    user_agent: ip === USUAL ? 'Firefox' : CURL,
    org: 'acme-eng',
    org_id: 9,
    ...more,
  },
});
const bob = { user: 'bob', user_id: ids.bob };

export async function addHub(read: Read): Promise<void> {
  await read(BASE, [
    ['members', [member('ann'), member('bob')]],
    ['owners', [member('ann')]],
    [
      'pat-grants',
      [
        {
          key: '77',
          record: { id: 77, token_name: 'build', owner: { login: 'ann' }, token_expires_at: null },
        },
      ],
    ],
  ]);
  await read(SECOND, [['owners', [member('bob')]]]);
  await read(LAST, [
    [
      'audit-logs',
      [
        happened('h0', at(3, '08:00'), 'ann', 'user.failed_login', {}, USUAL),
        happened('h1', at(11, '20:02'), 'ann', 'user.login', { user: 'ann', user_id: ids.ann }),
        happened('h2', at(11, '20:04'), 'ann', 'org.update_member', {
          ...bob,
          permission: 'admin',
          old_permission: 'read',
        }),
        happened('h3', at(11, '20:07'), 'ann', 'org.disable_saml'),
        happened('h4', at(11, '20:16'), 'bob', 'copilot.swe_agent_mcp_config_updated', {
          repo: 'acme-eng/one',
          repo_id: 41,
        }),
        happened('h5', at(11, '20:18'), 'bob', 'personal_access_token.access_granted', {
          token_id: 77,
          user_programmatic_access_name: 'backup',
        }),
        happened(
          'h6',
          at(12, '07:00'),
          'ann',
          'copilot.content_exclusion_changed',
          { excluded_paths: '/secrets/**' },
          USUAL,
        ),
        happened(
          'h7',
          at(13, '07:00'),
          'ann',
          'copilot.cfb_seat_cancelled_by_staff',
          { user: 'cid', user_id: ids.cid },
          USUAL,
        ),
        happened('h9', at(14, '07:00'), 'ann', 'copilot.something_new', {}, USUAL),
        { finding: 'changed', at: LAST, what: '{"event_uid":"hub:h1"}' },
      ],
    ],
    [
      'git-events',
      [happened('h8', at(11, '20:20'), 'bob', 'git.clone', { repository: 'acme-eng/one' })],
    ],
  ]);
}
