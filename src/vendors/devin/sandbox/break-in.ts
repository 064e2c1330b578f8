import { BROKEN_INTO, PROMOTED_EMAIL, breakInAt } from '../../../sandbox/demo.ts';
import type { AuditEvent } from './generated-events.ts';
import { auditLogId } from './ids.ts';
import { ACCOUNT_ROLES } from './roles.ts';
import type { DevinState } from './state.ts';

/** Of which no generated event is made. */
const SEED = 666;

/**
 * The part of a demonstration's break-in that Devin sees: the account is left as the intruder left it.
 *
 * @param until where the history ends, in epoch ms
 */
export function breakIn({ users, serviceUsers, events }: DevinState, until: number): void {
  const admin = users[BROKEN_INTO];
  const promoted = users.find(({ email }) => email === PROMOTED_EMAIL);
  const [role] = ACCOUNT_ROLES;
  if (admin === undefined || promoted === undefined || role === undefined) return;
  const start = Math.floor(breakInAt(until) / 1000);
  const happens = (
    seconds: number,
    { user_id, email }: typeof admin,
    action: string,
    data: object,
  ): void => {
    const event: AuditEvent = {
      action,
      audit_log_id: auditLogId(SEED, seconds),
      created_at: start + seconds,
      data,
      org_id: null,
      service_user_id: null,
      service_user_name: null,
      user_email: email,
      user_id,
    };
    events.add(event);
  };
  happens(432, admin, 'login', {});
  happens(485, admin, 'assign_roles', {
    target_user_id: promoted.user_id,
    roles: [role.role_name],
  });
  happens(533, admin, 'update_enterprise_settings', { setting_type: 'sso', enabled: false });
  happens(611, promoted, 'login', {});
  happens(640, promoted, 'create_service_user_api_key', {
    service_user_id: serviceUsers[0]?.service_user_id,
    roles: [role.role_name],
  });
  happens(702, promoted, 'create_audit_log_export', {});
  promoted.role_assignments = [{ role, org_id: null }, ...promoted.role_assignments.slice(1)];
}
