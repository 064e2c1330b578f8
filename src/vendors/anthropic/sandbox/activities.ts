import { kindAt } from '../../../sandbox/everyday.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import type { Account } from './account.ts';
import { idOf } from './ids.ts';

/** An activity: what every one has, and fields of its own next to it. */
export type Activity = {
  id: string;
  created_at: string;
  organization_id: string | null;
  organization_uuid: string | null;
  type: string;
  actor: Record<string, unknown>;
  [field: string]: unknown;
};

const ADDRESSES = ['192.0.2.17', '198.51.100.4', '203.0.113.90', '2001:db8::17'];
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64)';

type Scene = { seed: number; place: number; draw: number; account: Account };

/** By how often they happen: the first are most of a day. */
const KINDS: readonly (readonly [type: string, fields: (scene: Scene) => object])[] = [
  ['sso_login_succeeded', () => ({ auth_method: 'sso', mfa_method: null })],
  [
    'claude_chat_created',
    ({ seed, place }) => ({ claude_chat_id: idOf('claude_chat', seed, place) }),
  ],
  [
    'claude_chat_viewed',
    ({ seed, place }) => ({ claude_chat_id: idOf('claude_chat', seed, place) }),
  ],
  [
    'claude_file_uploaded',
    ({ seed, place }) => ({
      claude_file_id: idOf('claude_file', seed, place),
      filename: `plan-${place}.pdf`,
    }),
  ],
  ['ccr_session_created', ({ seed, place }) => ({ session_id: idOf('session', seed, place) })],
  ['platform_usage_report_messages_viewed', () => ({})],
  ['sso_login_failed', () => ({ auth_method: 'sso' })],
  [
    'platform_workspace_member_added',
    ({ account, draw }) => ({
      user_id: pick(account.users, draw).id,
      workspace_id: pick(account.workspaces, draw).id,
    }),
  ],
  [
    'platform_api_key_created',
    ({ account, draw }) => ({ api_key_id: pick(account.apiKeys, draw).id }),
  ],
  [
    'claude_user_role_updated',
    ({ account, draw }) => ({
      user_id: pick(account.users, draw).id,
      user_email: pick(account.users, draw).email,
      previous_role: 'user',
      current_role: 'developer',
    }),
  ],
  [
    'claude_organization_settings_updated',
    ({ draw }) => ({
      updates: [
        { type: 'data_retention', previous_value: '30', current_value: String(30 + (draw % 9)) },
      ],
    }),
  ],
  [
    'org_user_invite_sent',
    ({ seed, draw, account }) => ({
      invite_id: idOf('invite', seed, draw % 3),
      invited_email: pick(account.invites, draw).email,
    }),
  ],
  [
    'group_member_added',
    ({ account, draw }) => ({
      group_id: pick(account.groups, draw).id,
      group_name: pick(account.groups, draw).name,
    }),
  ],
  [
    'mcp_server_created',
    ({ seed, draw }) => ({
      mcp_server_id: idOf('mcp', seed, draw % 5),
      mcp_server_name: 'Jira "cloud"',
    }),
  ],
  ['inference_hooks_request_denied', () => ({ hook: 'secrets' })],
  // In no list of the vendor.
  ['quantum_leap_scheduled', () => ({ when: null })],
];

/** How many of a hundred activities are of each kind. */
const WEIGHTS = [22, 24, 14, 8, 10, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1];
/** The first of `KINDS`. */
const ORDINARY = 7;

const BY_PERCENT = WEIGHTS.flatMap((weight, kind) => Array.from({ length: weight }, () => kind));

/** Makes the activity at a place of an imagined past. It follows from the seed and its place alone. */
export function activityMaker(
  account: Account,
  { seed, demo }: { seed: number; demo: boolean },
): (place: number, time: number) => Activity {
  const kindOf = kindAt(BY_PERCENT, (kind) => kind < ORDINARY, demo ? { seed } : null);
  return (place, time) =>
    activityAt(account, { seed, place, kind: kindOf(place, hash(seed + 12, place)) }, time);
}

function activityAt(
  account: Account,
  { seed, place, kind }: { seed: number; place: number; kind: number },
  time: number,
): Activity {
  const draw = hash(seed + 11, place);
  const [type, fields] = KINDS[kind] ?? ['user_logged_out', () => ({})];
  const isOfNone = type.includes('login');
  const organization = isOfNone ? null : account.organizationId;
  return {
    id: idOf('activity', seed, place),
    created_at: stamp(time, place),
    organization_id: isOfNone ? null : `org_01${account.organizationId.slice(0, 8)}`,
    organization_uuid: organization,
    type,
    actor: actorAt(account, seed, place),
    ...fields({ seed, place, draw: draw >>> 4, account }),
  };
}

/** Some have microseconds, most have seconds. */
function stamp(time: number, place: number): string {
  const text = new Date(time).toISOString();
  return time % 1000 === 0
    ? text.replace('.000', '')
    : text.replace('Z', `${String(place % 1000).padStart(3, '0')}Z`);
}

function actorAt(account: Account, seed: number, place: number): Record<string, unknown> {
  const draw = hash(seed + 13, place);
  const seen = { ip_address: pick(ADDRESSES, draw >>> 3), user_agent: BROWSER };
  if (draw % 20 === 0)
    return { type: 'api_actor', api_key_id: pick(account.apiKeys, draw >>> 5).id, ...seen };
  if (draw % 33 === 0) return { type: 'system_actor', service: 'scheduler' };
  return userActor(pick(account.users, draw >>> 5), seen);
}

/** A person as an activity names them. */
export function userActor(
  { id, email }: { id: string; email: string },
  seen: { ip_address: string; user_agent: string },
): Record<string, unknown> {
  return { type: 'user_actor', user_id: id, email_address: email, ...seen };
}
