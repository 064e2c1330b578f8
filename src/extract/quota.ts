/**
 * Quotas per period of the clock, such as a minute. Requests are sent until the vendor refuses one; a quota then says how long
 * to wait where the refusal does not. Counted within a run: what must not be exceeded over several runs is a budget
 * (`request-budget.ts`). Pure but for what was counted: the clock is an argument.
 */

/** How many requests to one endpoint are allowed in a period. Periods begin with the clock's: at the full minute. */
export type Quota = {
  requests: number;
  period: number;
  /** Beginnings of paths: all endpoints that begin alike share one count. */
  together?: readonly string[];
};

/** Clocks differ a little: a request that comes too early is refused again. */
const SLACK = 1 / 100;

/** Other programs may use the same quota: once we have used half of it, it may be used up. */
const SHARE = 1 / 2;

export class QuotaCount {
  readonly #quota: Quota;
  /** By endpoint: the period in which it was asked last, and how often. */
  readonly #asked = new Map<string, { period: number; requests: number }>();
  /** By endpoint: how often it has refused since its last answer. */
  readonly #refusals = new Map<string, number>();

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  add(endpoint: string, now: number): void {
    const family = this.#familyOf(endpoint);
    const period = Math.floor(now / this.#quota.period);
    const former = this.#asked.get(family);
    const requests = former?.period === period ? former.requests + 1 : 1;
    this.#asked.set(family, { period, requests });
  }

  answered(endpoint: string): void {
    this.#refusals.delete(this.#familyOf(endpoint));
  }

  /**
   * An endpoint has refused: ms until it may be asked again. Null if the quota need not be why: if few were asked, or for a
   * first refusal, after which a repeat shows it.
   */
  refused(endpoint: string, now: number): number | null {
    const family = this.#familyOf(endpoint);
    const { requests, period } = this.#quota;
    const refusals = (this.#refusals.get(family) ?? 0) + 1;
    this.#refusals.set(family, refusals);
    const asked = this.#asked.get(family)?.requests ?? 0;
    if (refusals < 2 || asked < requests * SHARE) return null;
    return Math.ceil(period - (now % period) + period * SLACK);
  }

  /** An endpoint is a method and a path. */
  #familyOf(endpoint: string): string {
    const path = endpoint.slice(endpoint.indexOf(' ') + 1);
    return this.#quota.together?.find((beginning) => path.startsWith(beginning)) ?? endpoint;
  }
}
