import { json } from '../../../sandbox/answer.ts';
import { hash } from '../../../sandbox/random.ts';
import { cut, readPaging } from './paging.ts';
import type { Endpoint } from './state.ts';
import { DAY, daysOf, expectRange, readTime } from './times.ts';

/** Reviews of the days that are asked for, some of them free: they say what they would have cost. */
export const bugbotReviews: Endpoint = (state, { query }) => {
  const now = state.clock();
  const from = readTime(query['startDate'] ?? '7d', now);
  const to = readTime(query['endDate'] ?? 'today', now);
  expectRange(from, to);
  const all = daysOf(from, Math.min(to, now)).flatMap((day) => reviewsOf(day, state.quirks));
  const { items, totalCount, totalPages } = cut(all, readPaging(query, 100, 250));
  const { page, pageSize } = readPaging(query, 100, 250);
  const pagination = { page, pageSize, totalItems: totalCount, totalPages };
  return json(200, { data: items, pagination, params: query }, items.length);
};

function reviewsOf(day: number, { reviewTime }: { reviewTime: string | null }): object[] {
  return Array.from({ length: hash(71, day / DAY) % 4 }, (_, n) => ({
    request_id: `review-${day / DAY}-${n}`,
    repo: n % 2 === 0 ? 'acme/web' : 'acme/api',
    pr_number: 100 + ((day / DAY) % 50),
    ...(reviewTime === null ? {} : { [reviewTime]: new Date(day + n * 3_600_000).toISOString() }),
    cost_cents: 12.5 * (n + 1),
    billed: n !== 0,
  }));
}
