import { kindAt } from '../../../sandbox/everyday.ts';
import { fraction, hash, pick } from '../../../sandbox/random.ts';
import type { Company } from './company.ts';
import type { AuditEvent } from './event-log.ts';

/** Out of a hundred events, about how often each happens. */
const KINDS: readonly (readonly [action: string, percent: number])[] = [
  ['git.clone', 12],
  ['git.push', 14],
  ['git.fetch', 14],
  ['user.login', 12],
  ['org.sso_response', 8],
  ['pull_request.create', 10],
  ['copilot.cfb_seat_assignment_created', 3],
  ['copilot.cfb_seat_assignment_unassigned', 2],
  ['copilot.content_exclusion_changed', 1],
  ['copilot.cfb_org_settings_changed', 1],
  ['copilot.swe_agent_mcp_config_updated', 1],
  ['team.add_member', 4],
  ['team.remove_member', 2],
  ['repo.add_member', 3],
  ['org.add_member', 2],
  ['org.remove_member', 1],
  ['personal_access_token.access_granted', 3],
  ['org_credential_authorization.grant', 2],
  ['integration_installation.create', 1],
  ['hook.create', 1],
  ['protected_branch.update', 2],
  ['copilot.something_new', 1],
];

const ACTIONS = KINDS.flatMap(([action, percent]) => Array.from({ length: percent }, () => action));

const ORDINARY = /^(git\.|user\.login|org\.sso_response|pull_request\.)/;

/** Events at the given times, of the people of a company. */
export function generateEvents(
  times: Float64Array,
  company: Company,
  { seed, demo }: { seed: number; demo: boolean },
): AuditEvent[] {
  const actionOf = kindAt(ACTIONS, (action) => ORDINARY.test(action), demo ? { seed } : null);
  return Array.from(times, (time, place) => {
    const action = actionOf(place, hash(seed + 1, place));
    return eventAt({ place, action }, time, company, seed);
  });
}

function eventAt(
  { place, action }: { place: number; action: string },
  at: number,
  company: Company,
  seed: number,
): AuditEvent {
  const { enterprise, organization, people } = company;
  const actor = pick(people, hash(seed + 2, place));
  const isGit = action.startsWith('git.');
  const isAgent = action === 'pull_request.create' && hash(seed + 3, place) % 3 === 0;
  const isBot = !isAgent && hash(seed + 4, place) % 25 === 0;
  const isAnonymous = action === 'git.clone' && hash(seed + 5, place) % 10 === 0;
  const event: AuditEvent = {
    '@timestamp': at,
    _document_id: documentId(seed, place),
    action,
    business: enterprise.slug,
    business_id: enterprise.id,
    org: organization.login,
    org_id: organization.id,
    ...(isGit ? gitFields(place, seed) : { created_at: at, operation_type: 'modify' }),
  };
  if (isAnonymous) return { ...event, user_id: 0 };
  if (isAgent) {
    Object.assign(event, { actor: 'Copilot', actor_id: 198_982_749, actor_is_agent: true });
    Object.assign(event, { user: actor.login, user_id: actor.id });
    return { ...event, agent_session_id: sessionId(seed, place), ...pullRequest(seed, place) };
  }
  if (isBot) {
    return { ...event, actor: 'dependabot[bot]', actor_id: 49_699_333, actor_is_bot: true };
  }
  Object.assign(event, { actor: actor.login, actor_id: actor.id, actor_is_bot: false });
  const network = { actor_ip: `198.51.100.${place % 250}`, user_agent: 'Mozilla/5.0 (X11)' };
  return { ...event, ...network, ...aboutOf(action, company, seed, place, actor) };
}

function aboutOf(
  action: string,
  { people, teams }: Company,
  seed: number,
  place: number,
  actor: { login: string; id: number; email: string },
): object {
  const other = pick(people, hash(seed + 6, place));
  const about = { user: other.login, user_id: other.id };
  const team = teams.length === 0 ? undefined : pick(teams, hash(seed + 7, place));
  if (action === 'org.sso_response' || action === 'user.login') {
    return { user: actor.login, user_id: actor.id, external_identity_nameid: actor.email };
  }
  if (action.startsWith('team.')) return { ...about, team: team?.slug, team_id: team?.id };
  if (action === 'org.remove_member') return { ...about, external_identity_nameid: other.email };
  if (action.startsWith('personal_access_token')) {
    const name = `token-${place % 7}`;
    return { token_id: 30_000 + (place % 7), user_programmatic_access_name: name };
  }
  if (action === 'copilot.content_exclusion_changed') return { excluded_paths: '/secrets/**' };
  if (action.includes('member') || action.includes('seat_assignment')) return about;
  return { repo: `acme-eng/repo-${place % 9}`, repo_id: 40_000 + (place % 9) };
}

function gitFields(place: number, seed: number): object {
  const repository = `acme-eng/repo-${hash(seed + 8, place) % 9}`;
  return { repository, transport_protocol: 1, transport_protocol_name: 'http' };
}

function pullRequest(seed: number, place: number): object {
  return {
    pull_request_id: 70_000 + place,
    pull_request_title: `Fix ${hash(seed + 9, place) % 100}`,
    repo: `acme-eng/repo-${place % 9}`,
    repo_id: 40_000 + (place % 9),
  };
}

/** As long as GitHub's, of the same alphabet. */
function documentId(seed: number, place: number): string {
  const digits = [hash(seed + 10, place), hash(seed + 11, place), place];
  return digits.map((one) => one.toString(36).padStart(7, '0')).join('');
}

function sessionId(seed: number, place: number): string {
  const hex = Array.from({ length: 4 }, (_, n) =>
    Math.floor(fraction(seed + 20 + n, place) * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
