import type { Millis, Spent } from '../model.ts';

/**
 * What a vendor allows: so many requests to some endpoints together in any span of this length. Never exceeded, not even over
 * several runs; a quota (`quota.ts`) only explains a refusal.
 */
export type RequestBudget = { paths: readonly string[]; requests: number; per: Millis };

type Minute = Spent[string][number];

const MINUTE: Millis = 60_000;

/** How long to wait until another request is within a budget; 0 if it is now. Pure. */
export function waitFor(
  { requests, per }: RequestBudget,
  minutes: readonly Minute[],
  now: Millis,
): Millis {
  const counted = recent(minutes, per, now);
  let over = counted.reduce((sum, [, sent]) => sum + sent, 0) + 1 - requests;
  for (const [begins, sent] of counted) {
    if (over <= 0) return 0;
    over -= sent;
    if (over <= 0) return begins + MINUTE + per - now;
  }
  return over <= 0 ? 0 : per;
}

/** The minutes with one more request, without those that no longer count. Pure. */
export function withOne(minutes: readonly Minute[], per: Millis, now: Millis): Minute[] {
  const begins = Math.floor(now / MINUTE) * MINUTE;
  const counts = new Map(recent(minutes, per, now));
  counts.set(begins, (counts.get(begins) ?? 0) + 1);
  return [...counts].toSorted(([one], [other]) => one - other);
}

/** A minute counts until all of it is past; one that lies after now is of a clock that was wrong. */
function recent(minutes: readonly Minute[], per: Millis, now: Millis): Minute[] {
  return minutes.filter(([begins]) => begins + MINUTE > now - per && begins <= now);
}

/**
 * Keeps the requests of one source within the vendor's budgets, also over several runs: what was spent is saved before a
 * request is sent.
 */
export class RequestBudgets {
  readonly #budgets: readonly RequestBudget[];
  readonly #save: (spent: Spent) => Promise<void>;
  #spent: Spent;
  /** One after the other: a later state must not be overwritten by an earlier one. */
  #saving: Promise<void> = Promise.resolve();

  constructor(
    budgets: readonly RequestBudget[],
    { spent, save }: { spent: Spent; save: (spent: Spent) => Promise<void> },
  ) {
    this.#budgets = budgets;
    this.#spent = spent;
    this.#save = save;
  }

  /**
   * Counts a request of an endpoint, unless it is beyond its budget.
   *
   * @returns 0 if it may be sent, else how long to wait
   */
  async take(path: string, now: Millis): Promise<Millis> {
    const budget = this.#budgets.find(({ paths }) => paths.includes(path));
    const name = budget?.paths[0];
    if (budget === undefined || name === undefined) return 0;
    const minutes = this.#spent[name] ?? [];
    const wait = waitFor(budget, minutes, now);
    if (wait > 0) return wait;
    this.#spent = { ...this.#spent, [name]: withOne(minutes, budget.per, now) };
    const spent = this.#spent;
    this.#saving = this.#saving.then(() => this.#save(spent));
    await this.#saving;
    return 0;
  }
}
