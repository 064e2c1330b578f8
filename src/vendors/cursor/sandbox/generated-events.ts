import { kindAt } from '../../../sandbox/everyday.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import type { Member } from './directory.ts';
import type { AuditEvent } from './event-log.ts';
import { uuid } from './ids.ts';

type Scene = { by: Member; of: Member; draw: number };

/** What happens, and how often. Of a setting the values are JSON or text; names of fields were changed over time. */
const KINDS: readonly { type: string; share: number; data: (scene: Scene) => object }[] = [
  { type: 'login', share: 40, data: () => ({}) },
  { type: 'logout', share: 10, data: () => ({}) },
  { type: 'add_user', share: 4, data: ({ of }) => ({ user_email: of.email, role: 'member' }) },
  { type: 'remove_user', share: 2, data: ({ of }) => ({ email: of.email }) },
  {
    type: 'update_user_role',
    share: 4,
    data: ({ of, draw }) => ({
      user_email: of.email,
      old_role: draw % 2 === 0 ? 'MEMBER' : 'member',
      new_role: 'owner',
    }),
  },
  { type: 'team_settings', share: 8, data: settings },
  { type: 'settings_changed', share: 2, data: settings },
  {
    type: 'team_api_key',
    share: 3,
    data: ({ draw }) => ({
      action: draw % 3 === 0 ? 'revoked' : 'created',
      key_name: `ci-${draw % 9}`,
    }),
  },
  {
    type: 'user_spend_limit',
    share: 3,
    data: ({ of, draw }) =>
      draw % 2 === 0
        ? { user_email: of.email, spend_limit_dollars: 50 }
        : { user_email: of.email, old_limit_cents: 2000, new_limit_cents: 5000 },
  },
  {
    type: 'team_rule',
    share: 4,
    data: ({ draw }) => ({
      action: 'updated',
      name: `rule ${draw % 7}`,
      rule_id: `r_${draw % 7}`,
      content: `Follow rule ${draw % 7} of the Zebulon guide.`,
    }),
  },
  {
    type: 'team_hook',
    share: 2,
    data: ({ draw }) => ({
      action: 'updated',
      name: `hook ${draw % 3}`,
      hook_id: `h_${draw % 3}`,
      script: `#!/bin/sh\necho Zebulon ${draw % 5}\n`,
    }),
  },
  {
    type: 'directory_group',
    share: 3,
    data: ({ draw }) => ({ directory_group_id: `dg_${draw % 4}` }),
  },
  {
    type: 'protected_git_scope_access_check',
    share: 5,
    data: ({ draw }) => ({
      repo_url: `https://git.acme.test/r/${draw % 9}`,
      result: draw % 7 === 0 ? 'blocked' : 'allowed',
    }),
  },
  {
    type: 'cloud_agent_secret_read',
    share: 3,
    data: ({ draw }) => ({ name: `SECRET_${draw % 5}` }),
  },
  {
    type: 'mcp_server_config',
    share: 3,
    data: ({ draw }) => ({ server_name: `mcp-${draw % 4}`, config: '{"env":{"TOKEN":"Zebulon"}}' }),
  },
  { type: 'something_of_next_month', share: 4, data: ({ draw }) => ({ number: draw }) },
];

const ORDINARY = new Set(['login', 'logout', 'protected_git_scope_access_check']);

const BY_SHARE = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));

/** All forms in which an actor is named, besides the address of a person. */
const OTHER_ACTORS = (by: Member): readonly string[] => [
  'Api Key: ci',
  'Service Account: sa_7f3',
  `Bot: ${by.email}`,
  'App: app_22',
  'SCIM',
  'System',
  'unknown',
  'hi@cursor.com',
  'Cursor',
];

/** The events of an imagined past. Each follows from the seed and its index alone. */
export function eventMaker(
  { seed, demo }: { seed: number; demo: boolean },
  members: readonly Member[],
  teamId: number,
) {
  const kindOf = kindAt(BY_SHARE, ({ type }) => ORDINARY.has(type), demo ? { seed } : null);
  return (index: number, at: number): AuditEvent => {
    const draw = hash(seed + 21, index);
    const kind = kindOf(index, hash(seed + 22, index));
    const by = pick(members, draw >>> 3);
    const of = pick(members, draw >>> 5);
    const isPerson = kind.type.startsWith('log') || draw % 10 < 8;
    return {
      event_id: uuid(seed, 1, index),
      timestamp: new Date(at).toISOString(),
      team_id: draw % 20 === 0 && !isPerson ? '' : String(teamId),
      ip_address: draw % 15 === 0 ? 'unknown' : `192.0.2.${draw % 250}`,
      user_email: isPerson ? by.email : pick(OTHER_ACTORS(by), draw >>> 7),
      event_type: kind.type,
      application_type: draw % 8 === 0 ? '' : 'cursor',
      event_data: kind.data({ by, of, draw }),
    };
  };
}

function settings({ draw }: Scene): object {
  const setting_name = pick(['allowed_models', 'auto_run', 'indexing'], draw);
  return draw % 2 === 0
    ? { setting_name, old_value: { enabled: false }, new_value: { enabled: true } }
    : { setting_name, old_value: 'off', new_value: 'on' };
}
