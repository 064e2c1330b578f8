import { json } from '../../../sandbox/answer.ts';
import { type Group, type Member, userId } from './directory.ts';
import { coded } from './errors.ts';
import { cut, readPaging } from './paging.ts';
import type { CursorState, Endpoint } from './state.ts';

const CREATED = '2026-01-05T08:00:00.000Z';

export const members: Endpoint = ({ members: all, quirks }) =>
  json(
    200,
    {
      teamMembers: all.map((member) => ({
        id: quirks.memberIds === 'text' ? userId(member) : member.id,
        name: member.name,
        email: member.email,
        role: member.role,
        isRemoved: member.isRemoved,
      })),
    },
    all.length,
  );

export const groups: Endpoint = (state) => {
  const list = state.groups.map((each) => groupOf(state, each));
  return json(200, { groups: list, unassignedGroup: null, billingCycle: null }, list.length);
};

export const group: Endpoint = (state, _call, id) => {
  const found = state.groups.find((each) => each.id === id);
  if (found === undefined) return json(404, { error: 'Group not found' });
  const currentMembers = found.members.map(personOf);
  return json(200, { group: { ...groupOf(state, found), currentMembers, formerMembers: [] } });
};

/** What it spends moves with every reading. */
function groupOf(state: CursorState, { id, name, members: list }: Group): object {
  return {
    id,
    name,
    type: 'BILLING',
    directoryGroupId: null,
    memberCount: list.length,
    createdAt: CREATED,
    updatedAt: new Date(state.clock()).toISOString(),
    spendCents: Math.floor(state.clock() / 60_000) % 100_000,
    dailySpend: [],
  };
}

function personOf(member: Member): object {
  return { userId: userId(member), name: member.name, email: member.email };
}

export const repoBlocklists: Endpoint = ({ blocked }) =>
  json(200, { repos: blocked }, blocked.length);

export const modelAccess: Endpoint = ({ quirks, teamId }) =>
  quirks.modelAccess === 409
    ? coded(409, 'Model access is not in the custom state')
    : json(200, {
        teamId,
        state: quirks.modelAccess,
        newProviderDefault: 'allowed',
        newModelDefault: 'allowed',
      });

export const organizationMembers: Endpoint = ({ members: all, teamId }, { query }) => {
  const paging = readPaging(query, 100, Number.MAX_SAFE_INTEGER);
  const page = { ...paging, pageSize: Math.min(paging.pageSize, 200) };
  const present = all.filter(({ isRemoved }) => !isRemoved);
  const { items, ...numbers } = cut(present, page);
  const list = items.map(({ id, email, name, role }) => ({
    userId: id,
    email,
    name,
    organizationRole: role === 'owner' ? 'admin' : 'member',
    teams: [{ teamId, teamRole: role }],
  }));
  return json(200, { members: list, pagination: { ...page, ...numbers } }, list.length);
};

export const organizationGroups: Endpoint = ({ groups: all }, { query }) => {
  const page = readPaging(query, 100, 200);
  const { items, ...numbers } = cut(all, page);
  const list = items.map(({ id, name }) => ({
    id: `g_${id}`,
    name,
    createdAt: CREATED,
    updatedAt: CREATED,
  }));
  return json(200, { groups: list, pagination: { ...page, ...numbers } }, list.length);
};
