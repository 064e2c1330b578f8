/** Per detection what each vendor logs that it must find, and what it must not. */
import type { Happened, Vendor } from './vendor-events.ts';

/** Without who did it: that follows from the case. */
export type Act = Omit<Happened, 'who' | 'at'> & { who?: string; at?: string };

export type Case = {
  /** By vendor; each by a person of its own. */
  finds: Partial<Record<Vendor, Act | Act[]>>;
  /** What looks like it. */
  not: { vendor: Vendor; acts: Act | Act[] };
  /** Why fewer than three vendors, where it is so. */
  fewer?: string;
};

const times = (count: number, act: (n: number) => Act): Act[] =>
  Array.from({ length: count }, (_, n) => act(n));

const minute = (n: number): string => String(n).padStart(2, '0');

export const WHO = '$who';

export const GOLDEN: Record<string, Case> = {
  'role-to-oneself': {
    finds: {
      tabnine: { action: 'role.assigned', data: { userId: WHO, field: 'role', newValue: 'Lead' } },
      devin: { action: 'assign_roles', data: { target_user_id: WHO, roles: ['Org Member'] } },
      openai: {
        action: 'role.assignment.created',
        data: { principal_id: WHO, principal_type: 'user' },
      },
      anthropic: {
        action: 'claude_user_role_updated',
        data: { user_id: WHO, current_role: 'user' },
      },
      cursor: { action: 'update_user_role', data: { user_email: WHO, new_role: 'member' } },
      github: {
        action: 'team.add_member',
        data: { user: WHO, user_id: `id of ${WHO}`, team_id: 7 },
      },
    },
    not: {
      vendor: 'github',
      acts: [
        { action: 'team.add_member', data: { user: 'another', user_id: 8, team_id: 7 } },
        // Who accepts an invitation, and who takes a seat.
        { action: 'org.add_member', data: { user: WHO, user_id: `id of ${WHO}` } },
        {
          action: 'copilot.cfb_seat_assignment_created',
          data: { user: WHO, user_id: `id of ${WHO}` },
        },
      ],
    },
  },
  'admin-granted': {
    finds: {
      tabnine: {
        action: 'role.assigned',
        data: { field: 'role', oldValue: 'Lead', newValue: 'Admin' },
      },
      devin: { action: 'assign_roles', data: { target_user_id: 'u', roles: ['Enterprise Admin'] } },
      anthropic: {
        action: 'claude_user_role_updated',
        data: { user_id: 'u', previous_role: 'user', current_role: 'owner' },
      },
      cursor: {
        action: 'update_user_role',
        data: { user_email: 'u@acme.test', new_role: 'owner' },
      },
      openai: { action: 'user.updated', data: { id: 'u', changes_requested: { role: 'owner' } } },
      github: { action: 'org.update_member', data: { user: 'u', permission: 'admin' } },
    },
    not: {
      vendor: 'tabnine',
      acts: { action: 'role.assigned', data: { oldValue: 'Admin', newValue: 'Member' } },
    },
  },
  'role-at-unusual-hour': {
    finds: {
      tabnine: { action: 'role.assigned', at: '2026-11-30T03:10:00Z' },
      devin: { action: 'assign_roles', data: { target_user_id: 'u' }, at: '2026-11-30T03:10:00Z' },
      github: { action: 'team.add_member', data: { user: 'u' }, at: '2026-11-30T03:10:00Z' },
    },
    not: {
      vendor: 'tabnine',
      acts: [
        { action: 'role.assigned', at: '2026-11-30T10:10:00Z' },
        // Another name of a team gives nobody anything.
        { action: 'team.updated', data: { field: 'name' }, at: '2026-11-30T03:10:00Z' },
      ],
    },
  },
  'key-by-newcomer': {
    finds: {
      devin: { action: 'create_pat', data: { pat_id: 'p' } },
      anthropic: { action: 'platform_api_key_created', data: { api_key_id: 'k' } },
      cursor: { action: 'team_api_key', data: { action: 'created', key_name: 'ci' } },
      // A token that a workload gets for an hour is no key that somebody made.
      openai: [
        { action: 'tenant.workload_identity.access_token.issued', at: '2026-11-10T10:00:00Z' },
        { action: 'api_key.created', data: { id: 'k' } },
      ],
      github: { action: 'personal_access_token.access_granted', data: { token_id: 7 } },
    },
    not: {
      vendor: 'devin',
      // The maker of a former one.
      acts: [
        { action: 'create_pat', data: { pat_id: 'a' }, at: '2026-11-10T10:00:00Z' },
        { action: 'create_pat', data: { pat_id: 'b' } },
      ],
    },
  },
  'secret-read': {
    finds: {
      devin: { action: 'view_org_api_key', data: { api_key_id: 'k' } },
      cursor: { action: 'cloud_agent_secret_read', data: { name: 'DB' } },
    },
    fewer: 'the others do not log it',
    not: {
      vendor: 'cursor',
      acts: [
        { action: 'cloud_agent_secret_read', data: { name: 'DB' }, at: '2026-11-20T10:00:00Z' },
        { action: 'cloud_agent_secret_read', data: { name: 'DB' } },
      ],
    },
  },
  'sign-on-weakened': {
    finds: {
      tabnine: {
        action: 'organization.settings_updated',
        data: { field: 'samlEnabled', oldValue: true, newValue: false },
      },
      devin: {
        action: 'update_enterprise_settings',
        data: { setting_type: 'sso', enabled: false },
      },
      anthropic: { action: 'org_sso_toggled', data: { enabled: false } },
      openai: { action: 'tenant.sso_connection.deleted', data: { id: 'conn' } },
      github: { action: 'org.disable_two_factor_requirement' },
    },
    not: { vendor: 'anthropic', acts: { action: 'org_sso_toggled', data: { enabled: true } } },
  },
  'address-list-changed': {
    finds: {
      anthropic: { action: 'org_ip_restriction_deleted', data: {} },
      openai: { action: 'ip_allowlist.config.deactivated', data: { id: 'list' } },
      github: { action: 'ip_allow_list_entry.create', data: { name: 'office' } },
      devin: { action: 'update_enterprise_settings', data: { setting_type: 'ip_access_list' } },
    },
    not: { vendor: 'github', acts: { action: 'repo.add_member', data: { user: 'u' } } },
  },
  'exclusion-changed': {
    finds: {
      cursor: { action: 'privacy_mode', data: { old_value: 'enabled', new_value: 'disabled' } },
      github: {
        action: 'copilot.content_exclusion_changed',
        data: { excluded_paths: '/secrets/**' },
      },
      anthropic: { action: 'org_connector_domain_guard_updated', data: {} },
    },
    not: {
      vendor: 'github',
      acts: { action: 'protected_branch.update', data: { repo: 'acme/a' } },
    },
  },
  'mcp-changed': {
    finds: {
      devin: { action: 'mcp_server_install', data: { mcp_server: 'jira' } },
      anthropic: { action: 'mcp_server_created', data: { mcp_server_id: 'm' } },
      cursor: { action: 'mcp_server_config', data: { server_name: 'm' } },
      github: { action: 'copilot.swe_agent_mcp_config_updated', data: { repo: 'acme/a' } },
    },
    not: { vendor: 'devin', acts: { action: 'mcp_server_delete', data: { mcp_server: 'jira' } } },
  },
  'instructions-changed': {
    finds: {
      devin: { action: 'create_knowledge', data: { name: 'note' } },
      anthropic: { action: 'claude_skill_replaced', data: { skill_id: 's' } },
      cursor: { action: 'team_rule', data: { action: 'updated', name: 'rule' } },
    },
    not: { vendor: 'devin', acts: { action: 'delete_playbook', data: { playbook_id: 'p' } } },
  },
  'hook-changed': {
    finds: {
      cursor: { action: 'team_hook', data: { action: 'created', name: 'start' } },
      github: { action: 'hook.create', data: { repo: 'acme/a' } },
      anthropic: { action: 'claude_code_security_webhook_created', data: {} },
    },
    not: { vendor: 'github', acts: { action: 'hook.destroy', data: { repo: 'acme/a' } } },
  },
  'audit-log-touched': {
    finds: {
      github: { action: 'audit_log_streaming.destroy' },
      anthropic: { action: 'org_compliance_api_settings_updated', data: {} },
      openai: {
        action: 'organization.updated',
        data: { id: 'org', changes_requested: { api_call_logging: 'disabled' } },
      },
    },
    not: { vendor: 'github', acts: { action: 'org.audit_log_export' } },
  },
  'retention-changed': {
    finds: {
      anthropic: { action: 'org_claude_code_zero_data_retention_disabled', data: {} },
      github: { action: 'business.set_actions_retention_limit', data: { business: 'acme' } },
      tabnine: {
        action: 'organization.settings_updated',
        data: { field: 'retentionDays', oldValue: 90, newValue: 1 },
      },
    },
    not: {
      vendor: 'tabnine',
      acts: { action: 'organization.settings_updated', data: { field: 'name', newValue: 'Acme' } },
    },
  },
  'guardrail-violated': {
    finds: {
      devin: { action: 'ai_guardrail_violation', data: { session_id: 'devin-1', blocked: true } },
      anthropic: { action: 'inference_hooks_request_denied', data: { hook: 'secrets' } },
    },
    fewer: 'the others do not log it',
    not: { vendor: 'devin', acts: { action: 'create_session', data: { session_id: 'devin-2' } } },
  },
  'guardrail-changed': {
    finds: {
      devin: { action: 'update_ai_guardrail', data: {} },
      anthropic: { action: 'inference_hooks_config_deleted', data: {} },
      github: { action: 'copilot.swe_agent_firewall_allowlist_updated', data: { repo: 'acme/a' } },
    },
    not: { vendor: 'github', acts: { action: 'ip_allow_list.enable' } },
  },
  'data-exported': {
    finds: {
      devin: { action: 'create_audit_log_export', data: {} },
      anthropic: { action: 'org_data_export_started', data: {} },
      cursor: { action: 'team_data_export_download', data: {} },
      github: { action: 'business.audit_log_export' },
    },
    not: {
      vendor: 'anthropic',
      acts: { action: 'claude_chat_viewed', data: { claude_chat_id: 'c' } },
    },
  },
  'many-deleted': {
    finds: {
      devin: times(10, (n) => ({ action: 'delete_playbook', data: { playbook_id: `p${n}` } })),
      anthropic: times(10, (n) => ({
        action: 'claude_skill_deleted',
        data: { skill_id: `s${n}` },
      })),
      openai: times(10, (n) => ({ action: 'api_key.deleted', data: { id: `k${n}` } })),
    },
    not: {
      vendor: 'devin',
      acts: times(9, (n) => ({ action: 'delete_playbook', data: { playbook_id: `p${n}` } })),
    },
  },
  'much-read-at-once': {
    finds: {
      github: times(8, (n) => ({ action: 'git.clone', data: { repository: `acme/r${n}` } })),
      anthropic: times(8, (n) => ({
        action: 'claude_chat_viewed',
        data: { claude_chat_id: `c${n}` },
      })),
      cursor: times(8, (n) => ({ action: 'cloud_agent_secret_read', data: { name: `S${n}` } })),
    },
    not: {
      vendor: 'github',
      // The same one, as CI does.
      acts: times(12, () => ({ action: 'git.clone', data: { repository: 'acme/one' } })),
    },
  },
  'activity-spike': {
    finds: {
      devin: [...daily(3), ...many('send_message', { session_id: 'devin-1' })],
      anthropic: [...daily(3), ...many('claude_chat_created', { claude_chat_id: 'c' })],
      github: [...daily(3), ...many('pull_request.create', { repo: 'acme/a' })],
    },
    not: {
      vendor: 'devin',
      acts: [...daily(15), ...many('send_message', { session_id: 'devin-1' })],
    },
  },
  'first-country': {
    finds: {
      tabnine: [...daily(1), { action: 'user.login', address: '203.0.113.201' }],
      anthropic: [...daily(1), { action: 'sso_login_succeeded', address: '203.0.113.202' }],
      github: [...daily(1), { action: 'user.login', address: '203.0.113.203' }],
    },
    // Another address in the same country.
    not: {
      vendor: 'tabnine',
      acts: [...daily(1), { action: 'user.login', address: '192.0.2.77' }],
    },
  },
  'first-address': {
    finds: {
      tabnine: [...daily(1), { action: 'user.login', address: '198.51.100.1' }],
      anthropic: [...daily(1), { action: 'sso_login_succeeded', address: '198.51.100.2' }],
      github: [...daily(1), { action: 'user.login', address: '198.51.100.3' }],
    },
    // Nothing is known of who has just come.
    not: {
      vendor: 'tabnine',
      acts: [
        { action: 'user.login', address: '198.51.100.4', at: '2026-11-25T10:00:00Z' },
        { action: 'user.login', address: '198.51.100.5' },
      ],
    },
  },
  'sign-ins-failed': {
    finds: {
      openai: times(10, () => ({ action: 'login.failed', data: {} })),
      anthropic: times(10, () => ({ action: 'sso_login_failed' })),
      github: times(10, () => ({ action: 'user.failed_login' })),
    },
    not: { vendor: 'openai', acts: times(10, () => ({ action: 'login.succeeded', data: {} })) },
  },
  'vendor-staff-access': {
    finds: {
      anthropic: { action: 'anthropic_access', data: {} },
      github: { action: 'copilot.cfb_seat_cancelled_by_staff', data: { user: 'u' } },
    },
    fewer: 'the others do not log it',
    not: { vendor: 'anthropic', acts: { action: 'compliance_api_accessed', data: {} } },
  },
  'outsider-invited': {
    finds: {
      anthropic: {
        action: 'org_user_invite_sent',
        data: { invite_id: 'i', invited_email: 'x@example.com' },
      },
      cursor: { action: 'add_user', data: { user_email: 'y@example.com' } },
      openai: { action: 'invite.sent', data: { id: 'i', data: { email: 'z@example.com' } } },
    },
    not: { vendor: 'cursor', acts: { action: 'add_user', data: { user_email: 'new@acme.test' } } },
  },
  'integration-added': {
    finds: {
      devin: { action: 'create_gitlab_integration', data: { integration_id: 'i' } },
      github: { action: 'integration_installation.create', data: { integration: 'ci' } },
      openai: { action: 'tenant.sso_connection.created', data: { id: 'c' } },
    },
    not: {
      vendor: 'devin',
      acts: { action: 'delete_gitlab_integration', data: { integration_id: 'i' } },
    },
  },
  'limit-changed': {
    finds: {
      openai: { action: 'rate_limit.updated', data: { id: 'rl' } },
      cursor: { action: 'user_spend_limit', data: { user_email: 'u@acme.test' } },
      github: { action: 'billing.budget_update', data: { business: 'acme' } },
      anthropic: { action: 'platform_spend_limit_deleted', data: {} },
    },
    not: { vendor: 'cursor', acts: { action: 'add_user', data: { user_email: 'v@acme.test' } } },
  },
};

/** A few events on each of the days before. */
function daily(count: number): Act[] {
  return Array.from({ length: 20 }, (_, day) =>
    times(count, (n) => ({
      action: 'login',
      address: '192.0.2.77',
      at: `2026-11-${minute(day + 5)}T09:${minute(n)}:00Z`,
    })),
  ).flat();
}

function many(action: string, data: Record<string, unknown>): Act[] {
  return times(60, (n) => ({ action, data, at: `2026-11-30T10:${minute(n)}:00Z` }));
}
