import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import { type Person, simpleUser, type Team } from './company.ts';
import { notFound } from './errors.ts';
import type { GithubState } from './state.ts';

/** A page of a list by its number, with links to the next. `name` is where the list stands; a bare one has none. */
export function page(
  call: Call,
  items: readonly object[],
  name?: string,
  more: object = {},
): Answer {
  const per = Math.min(100, Number(call.query['per_page'] ?? '30'));
  const number = Number(call.query['page'] ?? '1');
  const some = items.slice((number - 1) * per, number * per);
  const answer = json(200, name === undefined ? some : { ...more, [name]: some }, some.length);
  const link = (to: number, relation: string): string => {
    const params = new URLSearchParams(call.params);
    params.set('page', String(to));
    return `<${call.base}${call.path}?${params.toString()}>; rel="${relation}"`;
  };
  const last = Math.max(1, Math.ceil(items.length / per));
  const links = [
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
  ];
  return links.length === 0 ? answer : { ...answer, headers: { link: links.join(', ') } };
}

type Endpoint = (state: GithubState, call: Call, id: string) => Answer;

export const members: Endpoint = ({ company }, call) => {
  const { role = 'all' } = call.query;
  const isWanted = ({ isOwner }: Person): boolean =>
    role === 'all' || isOwner === (role === 'admin');
  return page(call, company.people.filter(isWanted).map(simpleUser));
};

export const teams: Endpoint = ({ company }, call) => page(call, company.teams.map(teamItem));

export const enterpriseTeams: Endpoint = ({ company }, call) =>
  page(call, company.enterpriseTeams.map(teamItem));

export const teamMembers: Endpoint = ({ company }, call, id) =>
  ofTeam(company.teams, company.people, call, id);

export const enterpriseTeamMembers: Endpoint = ({ company }, call, id) =>
  ofTeam(company.enterpriseTeams, company.people, call, id);

function ofTeam(
  list: readonly Team[],
  people: readonly Person[],
  call: Call,
  slug: string,
): Answer {
  const team = list.find((one) => one.slug === slug);
  if (team === undefined) return notFound();
  return page(call, people.filter(({ id }) => team.members.includes(id)).map(simpleUser));
}

function teamItem({ id, slug, name }: Team): object {
  return { id, node_id: `T_${id}`, slug, name, description: null, privacy: 'closed', parent: null };
}

export const seats: Endpoint = ({ seats: all, company }, call) =>
  page(call, all, 'seats', { total_seats: company.people.length });

export const settings: Endpoint = ({ seats: all }) =>
  json(200, {
    seat_breakdown: {
      total: all.length,
      added_this_cycle: 1,
      pending_cancellation: 0,
      pending_invitation: 0,
      active_this_cycle: all.length,
      inactive_this_cycle: 0,
    },
    seat_management_setting: 'assign_selected',
    public_code_suggestions: 'block',
    ide_chat: 'enabled',
    platform_chat: 'enabled',
    cli: 'enabled',
    plan_type: 'business',
  });

export const exclusion: Endpoint = () => json(200, { 'acme-eng/repo-1': ['/secrets/**', '*.pem'] });

export const licenses: Endpoint = ({ company }, call) =>
  page(
    call,
    company.people.map((person) => ({
      github_com_login: person.login,
      github_com_name: person.name,
      enterprise_server_user_ids: [],
      github_com_user: true,
      visual_studio_subscription_email: '',
      license_type: 'enterprise',
      github_com_member_roles: [`acme-eng:${person.isOwner ? 'Owner' : 'Member'}`],
      github_com_enterprise_roles: [person.isOwner ? 'Owner' : 'Member'],
      github_com_verified_domain_emails: [person.email],
      github_com_saml_name_id: person.email,
      github_com_two_factor_auth: true,
    })),
    'users',
    {
      total_seats_consumed: company.people.length,
      total_seats_purchased: company.people.length + 5,
    },
  );

export const patGrants: Endpoint = ({ company }, call) =>
  page(
    call,
    company.people.slice(0, 3).map((person, n) => ({
      id: 25_381 + n,
      owner: simpleUser(person),
      repository_selection: 'all',
      permissions: { organization: { members: 'read' }, repository: { contents: 'write' } },
      access_granted_at: '2026-01-02T08:10:00Z',
      token_id: 30_000 + n,
      token_name: `token-${n}`,
      token_expired: false,
      token_expires_at: '2027-01-02T08:10:00Z',
      token_last_used_at: '2026-06-01T08:10:00Z',
    })),
  );

export const credentials: Endpoint = ({ company }, call) =>
  page(
    call,
    company.people.slice(0, 2).map((person, n) => ({
      login: person.login,
      credential_id: 161_195 + n,
      credential_type: 'personal access token',
      token_last_eight: `0000000${n}`,
      credential_authorized_at: '2026-01-26T19:06:43Z',
      credential_accessed_at: '2026-06-01T19:06:43Z',
      authorized_credential_expires_at: null,
      scopes: ['repo', 'read:org'],
    })),
  );

export const installations: Endpoint = (_state, call) =>
  page(
    call,
    [
      {
        id: 25_381,
        app_id: 2_218,
        app_slug: 'deploy-bot',
        target_type: 'Organization',
        permissions: { contents: 'read' },
        events: ['push'],
        updated_at: '2026-02-02T00:00:00Z',
        suspended_at: null,
      },
    ],
    'installations',
    { total_count: 1 },
  );

export const groups: Endpoint = (_state, call) =>
  page(
    call,
    [{ group_id: 123, group_name: 'Engineering', updated_at: '2026-01-01T00:00:00Z' }],
    'groups',
  );

export const costCenters: Endpoint = ({ company }, call) =>
  page(call, company.costCenters, 'costCenters');

export const rateLimit: Endpoint = ({ quirks, hour }) =>
  json(200, {
    resources: {
      core: { limit: 15_000, remaining: 15_000, reset: 0, used: 0 },
      audit_log: { limit: quirks.hourlyLimit, used: hour.used },
    },
  });

/** Ten of them at most, and no link: the answer says whether there are more. */
export const budgets: Endpoint = ({ seed }, call) => {
  const all = Array.from({ length: 13 }, (_, n) => ({
    id: `budget-${seed}-${n}`,
    budget_type: 'ProductPricing',
    budget_product_sku: n === 0 ? 'copilot' : 'actions',
    budget_scope: 'enterprise',
    budget_amount: 100 * (n + 1),
    prevent_further_usage: n === 0,
  }));
  const from = (Number(call.query['page'] ?? '1') - 1) * 10;
  const some = all.slice(from, from + 10);
  return json(200, { budgets: some, has_next_page: from + 10 < all.length }, some.length);
};
