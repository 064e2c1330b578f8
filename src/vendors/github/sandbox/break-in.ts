import {
  BROKEN_INTO,
  breakInAt,
  INTRUDER_ADDRESS,
  INTRUDER_CLIENT,
  PROMOTED,
} from '../../../sandbox/demo.ts';
import type { Person } from './company.ts';
import type { GithubState } from './state.ts';

/**
 * The part of a demonstration's break-in that GitHub sees: an administrator is made, single sign-on is switched off, the MCP
 * servers of agents are changed, and repositories are taken along. The account is left as the intruder left it.
 *
 * @param until where the history ends
 */
export function breakIn({ company, events }: GithubState, until: number): void {
  const { people, enterprise, organization } = company;
  const [admin, promoted] = [people[BROKEN_INTO], people[PROMOTED]];
  if (admin === undefined || promoted === undefined) return;
  const start = breakInAt(until);
  const happens = (seconds: number, actor: Person, action: string, more: object): void => {
    const at = start + seconds * 1000;
    events.add({
      '@timestamp': at,
      _document_id: `break0in${String(seconds).padStart(6, '0')}`,
      action,
      ...(action.startsWith('git.') ? {} : { created_at: at }),
      actor: actor.login,
      actor_id: actor.id,
      actor_ip: INTRUDER_ADDRESS,
      user_agent: INTRUDER_CLIENT,
      business: enterprise.slug,
      business_id: enterprise.id,
      org: organization.login,
      org_id: organization.id,
      ...more,
    });
  };
  const { login: user, id: user_id } = promoted;
  happens(52, admin, 'user.login', { user: admin.login, user_id: admin.id });
  happens(130, admin, 'org.update_member', {
    user,
    user_id,
    permission: 'admin',
    old_permission: 'read',
  });
  happens(221, admin, 'org.disable_saml', {});
  happens(350, promoted, 'copilot.swe_agent_mcp_config_updated', {
    repo: 'acme-eng/repo-1',
    repo_id: 40_001,
    new_config: '{"mcpServers":{"helper":{"url":"https://mcp.example.com"}}}',
  });
  happens(402, promoted, 'personal_access_token.access_granted', {
    token_id: 30_666,
    user_programmatic_access_name: 'backup',
  });
  for (let n = 0; n < 9; n += 1) {
    happens(460 + n, promoted, 'git.clone', { repository: `acme-eng/repo-${n}` });
  }
  promoted.isOwner = true;
}
