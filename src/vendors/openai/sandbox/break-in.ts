import {
  breakInAt,
  BROKEN_INTO,
  INTRUDER_ADDRESS,
  INTRUDER_CLIENT,
  PROMOTED_EMAIL,
} from '../../../sandbox/demo.ts';
import type { User } from './directory.ts';
import type { AuditEvent } from './event-log.ts';
import { idOf } from './ids.ts';
import type { OpenaiState } from './state.ts';

/** Of which no generated event is made. */
const SEED = 666;

/**
 * The part of a demonstration's break-in that the organization sees: the account is left as the intruder left it.
 *
 * @param until where the history ends, in epoch ms
 */
export function breakIn({ directory, events, tenantEvents }: OpenaiState, until: number): void {
  const admin = directory.users[BROKEN_INTO];
  const promoted = directory.users.find(({ email }) => email === PROMOTED_EMAIL);
  const [project] = directory.projects;
  if (admin === undefined || promoted === undefined || project === undefined) return;
  const start = Math.floor(breakInAt(until) / 1000);
  const event = (at: number, { id, email }: User, type: string, details: object): AuditEvent => ({
    id: idOf('audit_log-', SEED, at),
    type,
    effective_at: start + at,
    actor: {
      type: 'session',
      session: {
        user: { id, email },
        ip_address: INTRUDER_ADDRESS,
        user_agent: INTRUDER_CLIENT,
      },
    },
    [type]: details,
  });
  const key = { ...directory.adminKeys[0], id: idOf('key_admin_', SEED, 0), name: 'backup' };
  events.add(event(398, admin, 'login.failed', { error_code: 'mfa_failed', error_message: '' }));
  events.add(event(441, admin, 'login.succeeded', {}));
  events.add(
    event(502, admin, 'user.updated', { id: promoted.id, changes_requested: { role: 'owner' } }),
  );
  tenantEvents.add(event(547, admin, 'tenant.sso_connection.deleted', { id: 'conn_okta' }));
  events.add(event(603, promoted, 'login.succeeded', {}));
  tenantEvents.add(event(655, promoted, 'tenant.admin_api_key.created', { id: key.id }));
  events.add({
    ...event(688, promoted, 'api_key.created', {
      id: directory.apiKeys.get(project.id)?.[0]?.id,
      data: { scopes: ['api.all'] },
    }),
    project: { id: project.id, name: project.name },
  });
  promoted.role = 'owner';
  directory.adminKeys.push({
    ...key,
    redacted_value: 'sk-admin-…0002',
    created_at: start + 655,
    owner: { type: 'user', object: 'organization.user', ...promoted },
  });
}
