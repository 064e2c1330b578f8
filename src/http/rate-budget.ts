import { afterLimit, afterSuccess, lanesAfter, type Rate } from './rate-rules.ts';
import { pause } from './timer.ts';

const RECENT_MS = 2_000;

/**
 * Shared by all streams of a source: at most `concurrency` requests in flight, and no faster than
 * the rate learnt from its 429s. Callers wait in the order in which they came.
 */
export class RateBudget {
  readonly #concurrency: number;
  readonly #longestWish: number;
  readonly #now: () => number;
  #rate: Rate = null;
  #active = 0;
  #nextStart = 0;
  #cutAt = Number.NEGATIVE_INFINITY;
  #succeededSince = true;
  #succeededAll = 0;
  #successes: number[] = [];
  #waiting: (() => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param longestWish ms. A server that wants a longer pause may mean one endpoint: only the request that was refused heeds
   *   it, and the others go on at the lower rate
   */
  constructor(
    concurrency: number,
    longestWish: number,
    now: () => number = () => performance.now(),
  ) {
    this.#concurrency = concurrency;
    this.#longestWish = longestWish;
    this.#now = now;
  }

  /** Runs one request when its turn has come. Aborting the signal ends the waiting with its reason. */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const start = this.#turn.then(() => this.#takeTurn(signal));
    this.#turn = start.catch(() => undefined);
    const startedAt = await start;
    try {
      const result = await request();
      this.#succeeded();
      return result;
    } catch (error) {
      if (isLimit(error)) this.#limited(startedAt, error.retryAfter);
      throw error;
    } finally {
      this.#active -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #takeTurn(signal: AbortSignal): Promise<number> {
    while (this.#active >= lanesAfter(this.#succeededAll, this.#rate, this.#concurrency)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    signal.throwIfAborted();
    const wait = this.#nextStart - this.#now();
    if (wait > 0) await pause(wait, signal);
    const startedAt = this.#now();
    if (this.#rate !== null) this.#nextStart = startedAt + 1000 / this.#rate;
    this.#active += 1;
    return startedAt;
  }

  #succeeded(): void {
    const now = this.#now();
    this.#rate = afterSuccess(this.#rate);
    this.#succeededSince = true;
    this.#succeededAll += 1;
    this.#successes.push(now);
    while ((this.#successes[0] ?? now) < now - RECENT_MS) this.#successes.shift();
  }

  #limited(startedAt: number, retryAfter: number | null): void {
    const now = this.#now();
    // One burst over the limit is one message from the vendor: requests that were already under way
    // when the rate was cut must not cut it again.
    if (startedAt > this.#cutAt) {
      const recent = this.#successes.filter((at) => at >= now - RECENT_MS).length;
      this.#rate = afterLimit(this.#rate, recent / (RECENT_MS / 1000), this.#succeededSince);
      this.#succeededSince = false;
      this.#cutAt = now;
      // The next one is spaced as well: sent at once it would meet the same limit.
      this.#nextStart = Math.max(this.#nextStart, now + 1000 / this.#rate);
    }
    if (retryAfter !== null && retryAfter <= this.#longestWish) {
      this.#nextStart = Math.max(this.#nextStart, now + retryAfter);
    }
  }
}

function isLimit(error: unknown): error is { fault: 'limited'; retryAfter: number | null } {
  return (
    typeof error === 'object' && error !== null && 'fault' in error && error.fault === 'limited'
  );
}
