import { type Answer, json } from '../../../sandbox/answer.ts';
import { readPaging } from './paging.ts';
import { DAY, expectRange, readTime } from './times.ts';
import { badRequest } from './errors.ts';
import type { CursorState, Endpoint } from './state.ts';

const MOST = 500;

/** The log of the team, or with `organization` that of all teams. */
export function auditLogs(of: 'team' | 'organization'): Endpoint {
  return (state, { query }): Answer => {
    const { quirks, events, teamId } = state;
    const now = state.clock();
    const asked = {
      from: readTime(query['startTime'] ?? '7d', now),
      to: readTime(query['endTime'] ?? 'now', now),
    };
    expectRange(asked.from, asked.to);
    const paging = readPaging(query, 100, MOST);
    const pageSize = Math.min(paging.pageSize, quirks.pageCap ?? MOST);
    const { from, to } = kept(asked, state);
    const { auditBounds } = quirks;
    const { first, count } = events.slots(
      auditBounds === 'exclusive' ? from + 1 : from,
      auditBounds === 'inclusive' ? to + 1 : to,
    );
    const totalPages = Math.max(1, Math.ceil(count / pageSize));
    const begin = (paging.page - 1) * pageSize;
    const served = Array.from(
      { length: Math.max(0, Math.min(pageSize, count - begin)) },
      (_, n) => {
        const place = begin + n;
        const slot = quirks.auditOrder === 'newest-first' ? count - 1 - place : place;
        const { team_id, ...event } = events.at(first + slot);
        return of === 'organization' ? { ...event, team_id } : event;
      },
    );
    const hasNextPage = paging.page < totalPages;
    return json(
      200,
      {
        events: served,
        pagination: {
          page: paging.page,
          pageSize,
          totalCount: count,
          totalPages,
          ...(quirks.hasNextPage === 'right'
            ? { hasNextPage, hasPreviousPage: paging.page > 1 }
            : {}),
        },
        params: {
          ...(quirks.echoesTeam ? { teamId } : {}),
          startDate: asked.from,
          endDate: asked.to,
        },
      },
      served.length,
    );
  };
}

type Range = { from: number; to: number };

/** What is left of a range once what is no longer kept is taken away. */
function kept({ from, to }: Range, state: CursorState): Range {
  const { quirks } = state;
  if (quirks.auditRetention === null) return { from, to };
  const { days, answer } = quirks.auditRetention;
  const oldest = state.clock() - days * DAY;
  if (from >= oldest) return { from, to };
  if (answer === 400 && to < oldest) badRequest('startTime is too far in the past');
  return { from: oldest, to: answer === 'clamped' ? Math.max(to, oldest + DAY) : to };
}
