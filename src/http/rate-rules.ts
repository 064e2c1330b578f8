/**
 * How fast a source may be asked, learnt from its answers: a 429 lowers the rate, success raises it
 * slowly. Pure; `rate-budget.ts` holds the clock and the queue.
 *
 * The vendors publish no limits. Starting unlimited costs one burst of 429s, as large as what is in
 * flight, which therefore grows only with what has succeeded; after that the rate
 * hovers just below the limit. The growth is chosen so that about one request in ninety meets it.
 */

/** Requests per second; null as long as the source has never complained. */
export type Rate = number | null;

/** So many successes allow one more request in flight, from two on. */
const SUCCESSES_PER_LANE = 5;

const CUT = 0.8;
const GROWTH = 1.0025;

/** Below this the waiting between attempts of one request rules, unless 429 follows 429. */
const FLOOR_PER_SECOND = 4;
const LOWEST_PER_SECOND = 0.1;

/**
 * The rate after a 429.
 *
 * @param recent          successes per second lately: where the limit must be about
 * @param succeededSince  whether anything succeeded since the rate was last cut
 */
export function afterLimit(rate: Rate, recent: number, succeededSince: boolean): number {
  if (!succeededSince && rate !== null) return Math.max(LOWEST_PER_SECOND, rate / 2);
  const target = Math.min(rate ?? Number.POSITIVE_INFINITY, Math.max(recent, 1)) * CUT;
  return Math.max(FLOOR_PER_SECOND, target);
}

export function afterSuccess(rate: Rate): Rate {
  return rate === null ? null : rate * GROWTH;
}

/**
 * How many requests may be in flight: all that are allowed once the limit is known, few before it, since all of them
 * would meet it at once.
 */
export function lanesAfter(successes: number, rate: Rate, concurrency: number): number {
  if (rate !== null) return concurrency;
  return Math.min(concurrency, Math.max(2, Math.ceil(successes / SUCCESSES_PER_LANE)));
}
