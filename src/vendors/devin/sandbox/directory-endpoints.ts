import { type Answer, json } from '../../../sandbox/answer.ts';
import { organizationOf } from './lookup.ts';
import { pageOf } from './paging.ts';
import { readFlag } from './parameters.ts';
import type { Inquiry } from './state.ts';

/** Whose token it is. */
export function self({ state }: Inquiry): Answer {
  const [owner] = state.serviceUsers;
  return json(200, {
    principal_type: 'service_user',
    service_user_id: owner?.service_user_id ?? null,
    service_user_name: owner?.name ?? null,
    org_id: null,
  });
}

/** The organizations that exist; deleted ones are in no list. */
export function organizations(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.organizations);
}

/** Users with roles of their own: people whose membership comes from a group are not among them. */
export function users(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.users, ['email'], withEmail(inquiry));
}

/** Users whose membership comes from a group. */
export function idpUsers(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.idpUsers, ['email'], withEmail(inquiry));
}

/** The groups that have roles. */
export function idpGroupMembers(inquiry: Inquiry): Answer {
  return pageOf(
    inquiry,
    inquiry.state.idpGroups.filter(({ role_assignments: assigned }) => assigned.length > 0),
  );
}

/** All registered groups, by name alone. */
export function idpGroups(inquiry: Inquiry): Answer {
  const groups = inquiry.state.idpGroups.map(({ idp_group_name }) => ({ idp_group_name }));
  return pageOf(inquiry, groups);
}

/** Service users; deleted and expired ones only if they are asked for. */
export function serviceUsers(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  const withInactive = readFlag(params, 'include_inactive');
  const now = state.clock() / 1000;
  return pageOf(
    inquiry,
    state.serviceUsers,
    ['include_inactive'],
    ({ deleted_at, expires_at }) =>
      withInactive || (deleted_at === null && (expires_at === null || expires_at > now)),
  );
}

/** The roles of the enterprise and of organizations. */
export function roles(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.roles);
}

/** The tags that sessions of an organization may have. */
export function tags(inquiry: Inquiry): Answer {
  const { org_id } = organizationOf(inquiry);
  const found = inquiry.state.holdings.tags.get(org_id) ?? [];
  return json(200, { tags: found }, found.length);
}

function withEmail({ params }: Inquiry): (user: { email: string | null }) => boolean {
  const email = params.get('email');
  return (user) => email === null || user.email === email;
}
