import { type Answer, json } from '../../../sandbox/answer.ts';
import type { Team } from './directory.ts';
import { findTeam } from './lookup.ts';
import { type Paging, pageOf, readFlag, readPaging } from './paging.ts';
import type { Inquiry, TabnineState } from './state.ts';

const DEFAULT_TEAMS_PAGE = 50;
/** What the public reference says of users; the live API requires both parameters. */
const DOCUMENTED_USERS_PAGE: Paging = { limit: 200, offset: 0 };

/** The organization; its id is what other endpoints want as `organizationId`. */
export function organization({ state }: Inquiry): Answer {
  return json(200, state.organization);
}

/** All teams, fifty at a time unless asked otherwise. */
export function organizationTeams({ state, query }: Inquiry): Answer {
  const paging = readPaging(query, 0, { limit: DEFAULT_TEAMS_PAGE, offset: 0 });
  // A limit of 0 is allowed, and an older revision names it as the default.
  return pageOf(state.teams, { ...paging, limit: paging.limit || DEFAULT_TEAMS_PAGE });
}

/** Users, deactivated ones too unless `active` says otherwise. */
export function organizationUsers({ state, query }: Inquiry): Answer {
  const defaults = state.quirks.profile === 'documented' ? DOCUMENTED_USERS_PAGE : undefined;
  const { limit, offset } = readPaging(query, 1, defaults);
  const active = readFlag(query, 'active');
  const teamMember = readFlag(query, 'teamMember');
  const users = state.users.filter(
    (user) =>
      (active === undefined ||
        state.quirks.ignoreActive ||
        active === (user.deactivatedAt === null)) &&
      (teamMember === undefined || teamMember === (user.team !== null)),
  );
  return pageOf(users, { limit: Math.min(limit, state.quirks.maxUsersPage), offset });
}

/** The members of one team, with fewer fields than users have elsewhere. */
export function teamUsers({ state, query, id }: Inquiry): Answer {
  const team = findTeam(state, id);
  const paging = readPaging(query, 1);
  const members = new Set(membersOf(state, team));
  const users = state.users
    .filter((user) => members.has(user.id))
    .map(({ id: userId, username, email, role, verified }) => ({
      id: userId,
      username,
      email,
      role,
      verified,
    }));
  return pageOf(users, paging);
}

/** One team. */
export function teamById({ state, id }: Inquiry): Answer {
  return json(200, findTeam(state, id));
}

/** One team by the older path, with its name alone. */
export function teamByOlderPath({ state, id }: Inquiry): Answer {
  const { name } = findTeam(state, id);
  return json(200, { id, name });
}

function membersOf(state: TabnineState, { id }: Team): string[] {
  return state.memberships.filter(({ teamId }) => teamId === id).map(({ userId }) => userId);
}
