/** A rate limit with a burst of one second's worth. The rate is given with each take, since tests change it while requests come in. */
export class TokenBucket {
  #tokens = Number.POSITIVE_INFINITY;
  #filledAt = 0;

  /** Takes one token at `now` (ms of a monotonic clock); false when none is left. */
  take(perSecond: number, now: number): boolean {
    const refill = ((now - this.#filledAt) / 1000) * perSecond;
    this.#tokens = Math.min(Math.max(1, perSecond), this.#tokens + refill);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
