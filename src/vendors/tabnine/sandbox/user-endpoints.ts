import { type Answer, Refusal, json } from '../../../sandbox/answer.ts';
import { ROLES } from './directory.ts';
import { badRequest } from './errors.ts';
import { allowedTeamsOf, findUser } from './lookup.ts';
import type { Inquiry } from './state.ts';

/** One user. This path mixes snake_case with camelCase, and its `teams` is one object. */
export function userById({ state, id }: Inquiry): Answer {
  const found = findUser(state, (user) => user.id === id);
  return json(200, {
    user: {
      user_id: id,
      email: found.email,
      role: found.role,
      active: found.deactivatedAt === null,
      allowedTeams: allowedTeamsOf(state, found),
    },
    teams: { team_id: found.team?.id ?? null, team_name: found.team?.name ?? null },
  });
}

/** One user by the older path: other fields under the same two names. */
export function userByOlderPath({ state, id }: Inquiry): Answer {
  const found = findUser(state, (user) => user.id === id);
  return json(200, {
    user: {
      organization_id: state.organization.id,
      user_id: id,
      email: found.email,
      role: found.role,
      createdAt: new Date(state.registeredAt.get(id) ?? state.historyStart).toISOString(),
      updatedAt: found.updatedAt,
    },
    teams: { team_id: found.team?.id ?? null, team_name: found.team?.name ?? null },
  });
}

/** One user by address, in a third shape. */
export function userByEmail({ state, id: email }: Inquiry): Answer {
  const found = findUser(state, (user) => user.email === email);
  const { id, username, role, verified, team, deactivatedAt } = found;
  const account = { id, username, email, role, verified, active: deactivatedAt === null, team };
  return json(200, { ...account, allowedTeams: allowedTeamsOf(state, found) });
}

/** The teams that a user may use, in a bare array. */
export function allowedTeams({ state, id }: Inquiry): Answer {
  const found = findUser(state, (user) => user.id === id);
  const teams = allowedTeamsOf(state, found);
  return json(200, teams, teams.length);
}

/** Who has a role, in a bare array. */
export function permissions({ state, query }: Inquiry): Answer {
  const role = ROLES.find((candidate) => candidate === query['role']);
  if (role === undefined)
    throw new Refusal(badRequest(`\`role\` must be one of ${ROLES.join(', ')}`));
  const rows = state.users
    .filter((user) => user.role === role)
    .map(({ username }) => ({ username, organizationId: state.organization.id }));
  return json(200, rows, rows.length);
}
