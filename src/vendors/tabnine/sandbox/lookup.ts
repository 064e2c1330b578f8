import { Refusal } from '../../../sandbox/answer.ts';
import type { Team, User } from './directory.ts';
import { badRequest, codedError, messageError } from './errors.ts';
import type { Inquiry, TabnineState } from './state.ts';

/** The team with this id, or a 404. */
export function findTeam(state: TabnineState, id: string): Team {
  const found = state.teams.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Refusal(codedError(404, 'not_found', 'Team not found'));
  return found;
}

/** The team that the parameter `teamId` names. */
export function requiredTeam({ state, query }: Inquiry): Team {
  const id = query['teamId'];
  if (id === undefined) throw new Refusal(badRequest('`teamId` is required'));
  return findTeam(state, id);
}

/** The user that fits, or a 404 in the manner of user management. */
export function findUser(state: TabnineState, fits: (user: User) => boolean): User {
  const found = state.users.find(fits);
  if (found === undefined) throw new Refusal(messageError(404, 'User not found in organization'));
  return found;
}

/** The teams that a user may use, in the order of the teams. */
export function allowedTeamsOf(state: TabnineState, { id }: User): Team[] {
  const allowed = new Set(
    state.memberships.filter(({ userId }) => userId === id).map(({ teamId }) => teamId),
  );
  return state.teams.filter((team) => allowed.has(team.id));
}
