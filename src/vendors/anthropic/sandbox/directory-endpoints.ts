import { type Answer, json } from '../../../sandbox/answer.ts';
import type { ApiKey, Group } from './account.ts';
import { problem, refuse } from './errors.ts';
import { listById, listByToken } from './lists.ts';
import { expectKnown } from './parameters.ts';
import type { Inquiry } from './state.ts';

const PER_PAGE = 20;

export function me({ state }: Inquiry): Answer {
  const { organizationId: id, organizationName: name } = state;
  return json(200, { id, name, type: 'organization' });
}

export function users(inquiry: Inquiry): Answer {
  return listById(inquiry, inquiry.state.users, ({ id }) => id, ['email', 'roles[]']);
}

export function invites(inquiry: Inquiry): Answer {
  return listById(inquiry, inquiry.state.invites, ({ id }) => id, ['email', 'statuses[]']);
}

export function workspaces(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  const hasArchived = params.get('include_archived') === 'true';
  const listed = state.workspaces.filter(({ archived_at }) => hasArchived || archived_at === null);
  return listById(inquiry, listed, ({ id }) => id, ['include_archived']);
}

export function workspaceMembers(inquiry: Inquiry): Answer {
  const members = inquiry.state.members.get(inquiry.id);
  if (members === undefined) return problem(404, 'workspace not found');
  return listById(inquiry, members, ({ user_id }) => user_id);
}

export function apiKeys(inquiry: Inquiry): Answer {
  const keys = inquiry.state.apiKeys.map((key) => keyAsServed(key, inquiry));
  return listById(inquiry, keys, ({ id }) => id, ['status', 'workspace_id', 'created_by_user_id']);
}

/** What an item has is not documented. */
export function externalKeys(inquiry: Inquiry): Answer {
  const { externalKeys: keys, quirks } = inquiry.state;
  if (quirks.externalKeysBy === 'id') return listById(inquiry, keys, ({ id }) => id);
  return listByToken(inquiry, keys, { limit: PER_PAGE });
}

/** How a key names its owner and its scope was changed. */
function keyAsServed({ owner, workspace_id, ...key }: ApiKey, { state }: Inquiry) {
  const created_by = { id: owner, type: 'user' };
  const common = { ...key, type: 'api_key', created_by, workspace_id };
  if (state.quirks.principal === 'older') {
    return { ...common, principal: created_by };
  }
  const scope =
    workspace_id === null ? { type: 'organization' } : { type: 'workspace', workspace_id };
  return { ...common, principal: { type: 'user_actor', user_id: owner }, scope };
}

export function recording({ state }: Inquiry): Answer {
  const { recording: type } = state.quirks;
  if (type === 'unanswered') return problem(404, 'not found');
  return json(200, { type: 'compliance_settings', state: { type } });
}

export function linked({ state }: Inquiry): Answer {
  const { organizationId: uuid, organizationName: name } = state;
  return json(200, { data: [{ uuid, name }], has_more: false, next_page: null }, 1);
}

export function groups(inquiry: Inquiry): Answer {
  expectKnown(inquiry, ['page', 'limit']);
  const listed = inquiry.state.groups.map((group) => groupAsServed(group, inquiry));
  return listByToken(inquiry, listed, { limit: PER_PAGE });
}

function groupAsServed({ id, name, source_type, roles: given }: Group, { state }: Inquiry) {
  const { rolesUnknown, rolesOf } = state.quirks;
  const named = given.map((role) => {
    const found = state.roles.find((candidate) => candidate.id === role);
    return rolesOf === 'ids' ? role : { id: role, name: found?.name };
  });
  return { id, name, source_type, roles: rolesUnknown ? null : named };
}

export function groupMembers(inquiry: Inquiry): Answer {
  expectKnown(inquiry, ['page', 'limit']);
  const { state, id } = inquiry;
  const group = state.groups.find((candidate) => candidate.id === id);
  if (group === undefined) return problem(404, 'group not found');
  const members = group.members.map((user_id) => ({
    user_id,
    email: state.users.find((user) => user.id === user_id)?.email,
  }));
  return listByToken(inquiry, members, { limit: PER_PAGE });
}

export function roles(inquiry: Inquiry): Answer {
  expectKnown(inquiry, ['page', 'limit']);
  const listed = inquiry.state.roles.map(({ id, name }) => ({ id, name }));
  return listByToken(inquiry, listed, { limit: PER_PAGE });
}

export function rolePermissions(inquiry: Inquiry): Answer {
  expectKnown(inquiry, ['page', 'limit']);
  const role = inquiry.state.roles.find(({ id }) => id === inquiry.id);
  if (role === undefined) refuse(404, 'role not found');
  return listByToken(inquiry, role.permissions, { limit: PER_PAGE });
}
