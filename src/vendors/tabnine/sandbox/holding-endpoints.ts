import { type Answer, json } from '../../../sandbox/answer.ts';
import { messageError } from './errors.ts';
import { findTeam } from './lookup.ts';
import { readPaging } from './paging.ts';
import type { Inquiry } from './state.ts';

const MAX_INVITATIONS = 200;

/** The licence, inside an object of one key. */
export function license({ state }: Inquiry): Answer {
  return json(200, { license: state.license });
}

/** Pending invitations; revoked ones are kept but not shown. Here `next` is a bare number, unlike in the other lists. */
export function invitations({ state, query }: Inquiry): Answer {
  const { limit, offset } = readPaging(query, 1, undefined, MAX_INVITATIONS);
  const { teamId } = query;
  const pending = state.invitations.filter(
    (invitation) =>
      invitation.revokedAt === null && (teamId === undefined || invitation.teamId === teamId),
  );
  const data = pending.slice(offset, offset + limit);
  const end = offset + data.length;
  const meta = { count: data.length, total: pending.length };
  const more = end < pending.length && data.length > 0;
  return json(200, { data, meta: more ? { ...meta, next: end } : meta }, data.length);
}

/** The repositories of a team. Another service knows them, and an installation may lack it. */
export function repositories({ state, id }: Inquiry): Answer {
  const team = findTeam(state, id);
  const { indexing } = state.quirks;
  if (indexing === 'not-configured') return messageError(500, 'Indexing service not configured');
  if (indexing === 'error') return messageError(500, 'Error from indexing service');
  const rows = state.repositories.get(team.id) ?? [];
  return json(200, rows, rows.length);
}
