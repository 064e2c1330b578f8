import { afterLimit, afterSuccess, lanesAfter, type Rate } from './rate-rules.ts';
import { pause } from './timer.ts';

const RECENT_MS = 2_000;

/**
 * Shared by all streams of a source: at most `concurrency` requests in flight, and each endpoint no faster than the rate
 * learnt from its own 429s. A limit on one endpoint slows that endpoint and no other.
 */
export class RateBudget {
  readonly #concurrency: number;
  readonly #longestRetryAfter: number;
  readonly #now: () => number;
  readonly #paces = new Map<string, Pace>();
  #active = 0;
  #succeeded = 0;
  #waiting: (() => void)[] = [];

  /** @param longestRetryAfter ms: a longer pause holds up only the request that was refused */
  constructor(
    concurrency: number,
    longestRetryAfter: number,
    now: () => number = () => performance.now(),
  ) {
    this.#concurrency = concurrency;
    this.#longestRetryAfter = longestRetryAfter;
    this.#now = now;
  }

  /**
   * Runs one request when its turn has come: those of an endpoint in the order in which they came. Aborting the signal ends
   * the waiting with its reason.
   */
  async run<T>(endpoint: string, request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const pace = this.#paceOf(endpoint);
    const start = pace.turn.then(() => this.#takeTurn(pace, signal));
    pace.turn = start.catch(() => undefined);
    const startedAt = await start;
    try {
      const result = await request();
      pace.succeeded(this.#now());
      this.#succeeded += 1;
      return result;
    } catch (error) {
      if (isLimit(error)) pace.limited(startedAt, this.#now(), this.#heeded(error.retryAfter));
      throw error;
    } finally {
      this.#active -= 1;
      // All are woken: the first may have to pause for its endpoint, and another can start in its place.
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  #paceOf(endpoint: string): Pace {
    const known = this.#paces.get(endpoint);
    if (known !== undefined) return known;
    const pace = new Pace();
    this.#paces.set(endpoint, pace);
    return pace;
  }

  async #takeTurn(pace: Pace, signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const wait = pace.nextStart - this.#now();
      if (wait > 0) await pause(wait, signal);
      else if (this.#active < lanesAfter(this.#succeeded, pace.rate, this.#concurrency)) break;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#active += 1;
    return pace.started(this.#now());
  }

  #heeded(retryAfter: number | null): number {
    return retryAfter !== null && retryAfter <= this.#longestRetryAfter ? retryAfter : 0;
  }
}

/** How fast one endpoint may be asked, as its answers have shown. */
class Pace {
  /** When its next request may start. */
  nextStart = 0;
  rate: Rate = null;
  /** The last one in the queue. */
  turn: Promise<unknown> = Promise.resolve();
  #cutAt = Number.NEGATIVE_INFINITY;
  #succeededSince = true;
  #successes: number[] = [];

  started(now: number): number {
    if (this.rate !== null) this.nextStart = now + 1000 / this.rate;
    return now;
  }

  succeeded(now: number): void {
    this.rate = afterSuccess(this.rate);
    this.#succeededSince = true;
    this.#successes.push(now);
    while ((this.#successes[0] ?? now) < now - RECENT_MS) this.#successes.shift();
  }

  /** @param retryAfter ms that the server wants to be left alone */
  limited(startedAt: number, now: number, retryAfter: number): void {
    // One burst over the limit is one message from the vendor: requests that were already under way
    // when the rate was cut must not cut it again.
    if (startedAt > this.#cutAt) {
      const recent = this.#successes.filter((at) => at >= now - RECENT_MS).length;
      this.rate = afterLimit(this.rate, recent / (RECENT_MS / 1000), this.#succeededSince);
      this.#succeededSince = false;
      this.#cutAt = now;
      // The next one is spaced as well: sent at once it would meet the same limit.
      this.nextStart = Math.max(this.nextStart, now + 1000 / this.rate);
    }
    this.nextStart = Math.max(this.nextStart, now + retryAfter);
  }
}

function isLimit(error: unknown): error is { fault: 'limited'; retryAfter: number | null } {
  return (
    typeof error === 'object' && error !== null && 'fault' in error && error.fault === 'limited'
  );
}
