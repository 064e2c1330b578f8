import { json } from '../../../sandbox/answer.ts';
import { hash } from '../../../sandbox/random.ts';
import { type Member, userId } from './directory.ts';
import { cut, readPaging } from './paging.ts';
import type { CursorState, Endpoint } from './state.ts';
import { DAY, daysOf, readTime } from './times.ts';

const HOUR = 3_600_000;

type Coded = { createdAt: string; commitTs?: string };

/** A commit is taken in hours after it was made, at times on the next day; one in eight twice, from two machines. */
function commitsOf({ usage }: CursorState, member: Member, day: number): Coded[] {
  const calls = usage.calls(member, day);
  if (calls === 0) return [];
  const draw = hash(member.id, day / DAY);
  const made = day + (draw % DAY);
  const commit = {
    commitHash: draw.toString(16).padStart(40, '0'),
    userId: userId(member),
    userEmail: member.email,
    repoName: draw % 9 === 0 ? null : 'acme/shop',
    branchName: draw % 9 === 0 ? null : 'main',
    isPrimaryBranch: draw % 9 === 0 ? null : true,
    commitSource: draw % 3 === 0 ? 'cli' : 'ide',
    totalLinesAdded: calls * 30,
    totalLinesDeleted: calls * 5,
    tabLinesAdded: calls * 4,
    tabLinesDeleted: 0,
    composerLinesAdded: calls * 20,
    composerLinesDeleted: calls,
    nonAiLinesAdded: calls * 6,
    nonAiLinesDeleted: calls * 4,
    message: draw % 4 === 0 ? null : 'Zebulon: mend the basket',
    commitTs: new Date(made).toISOString(),
    createdAt: new Date(made + 2 * HOUR).toISOString(),
  };
  const again = { ...commit, createdAt: new Date(made + 3 * HOUR).toISOString() };
  return draw % 8 === 0 ? [commit, again] : [commit];
}

function changesOf({ usage }: CursorState, member: Member, day: number): Coded[] {
  return Array.from({ length: usage.calls(member, day) }, (_, n) => {
    const draw = hash(member.id + n, day / DAY);
    return {
      changeId: `chg_${draw.toString(16)}_${n}`,
      userId: userId(member),
      userEmail: member.email,
      source: draw % 2 === 0 ? 'TAB' : 'COMPOSER',
      model: draw % 2 === 0 ? null : 'composer-2',
      totalLinesAdded: 1 + (draw % 20),
      totalLinesDeleted: draw % 5,
      createdAt: new Date(day + (draw % DAY)).toISOString(),
      metadata: [{ fileName: 'src/zebulon.ts', linesAdded: 1 }],
    };
  });
}

export function aiCode(kind: 'commits' | 'changes'): Endpoint {
  return (state, { query }) => {
    const now = state.clock();
    const from = readTime(query['startDate'] ?? '7d', now);
    const to = Math.min(now, readTime(query['endDate'] ?? 'now', now));
    const isByCommit = kind === 'commits' && state.quirks.commitFilter === 'commitTs';
    const rows = daysOf(from - DAY, to).flatMap((day) =>
      state.members.flatMap((member) =>
        kind === 'commits' ? commitsOf(state, member, day) : changesOf(state, member, day),
      ),
    );
    const within = rows.filter(({ createdAt, commitTs }) => {
      const at = Date.parse((isByCommit ? commitTs : null) ?? createdAt);
      return at >= from && at <= to && Date.parse(createdAt) <= now;
    });
    const paging = readPaging(query, 100, 1000);
    const { items, totalCount } = cut(within, paging);
    return json(200, { items, totalCount, ...paging }, items.length);
  };
}
