import {
  BROKEN_INTO,
  breakInAt,
  INTRUDER_ADDRESS,
  INTRUDER_CLIENT,
  PROMOTED_EMAIL,
} from '../../../sandbox/demo.ts';
import { userActor } from './activities.ts';
import { idOf } from './ids.ts';
import type { AnthropicState } from './state.ts';

/** Of which no generated activity is made. */
const SEED = 666;

const SEEN = { ip_address: INTRUDER_ADDRESS, user_agent: INTRUDER_CLIENT };

/**
 * The part of a demonstration's break-in that Anthropic sees: the organization is left as the intruder left it.
 *
 * @param until where the history ends, in epoch ms
 */
export function breakIn(state: AnthropicState, until: number): void {
  const { users, feed, organizationId, apiKeys } = state;
  const admin = users[BROKEN_INTO];
  const promoted = users.find(({ email }) => email === PROMOTED_EMAIL);
  if (admin === undefined || promoted === undefined) return;
  const start = breakInAt(until);
  const happens = (seconds: number, who: typeof admin, type: string, fields: object): void => {
    feed.add({
      id: idOf('activity', SEED, seconds),
      created_at: new Date(start + seconds * 1000).toISOString(),
      organization_id: null,
      organization_uuid: type.includes('login') ? null : organizationId,
      type,
      actor: userActor(who, SEEN),
      ...fields,
    });
  };
  happens(804, admin, 'sso_login_succeeded', { auth_method: 'sso', mfa_method: null });
  happens(851, admin, 'claude_user_role_updated', {
    user_id: promoted.id,
    user_email: promoted.email,
    previous_role: promoted.role,
    current_role: 'owner',
  });
  happens(890, admin, 'org_sso_toggled', { enabled: false });
  happens(947, promoted, 'magic_link_login_succeeded', {});
  happens(980, promoted, 'platform_api_key_created', { api_key_id: apiKeys[0]?.id });
  happens(1033, promoted, 'org_data_export_started', {});
  promoted.role = 'owner';
}
