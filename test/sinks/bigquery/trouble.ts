/** What goes wrong at the double, by plan or by dice. The dice are seeded: the same seed is the same trouble. */
export type JobTrouble = {
  /** How often the job is looked at until it is done. */
  looks: number;
  /** It ends with this reason and has done nothing. */
  reason: string | null;
};

export class Troubles {
  /** A job that is begun while there is a plan takes the first of it. */
  plannedJobs: Partial<JobTrouble>[] = [];
  /** So many requests that change something are done as asked, and then the connection is cut. */
  lost = 0;
  /** Every request gets this error of the API. */
  refusal: { status: number; reason: string } | null = null;
  #state: number | null = null;

  /** From now on anything may happen. */
  random(seed: number): void {
    this.#state = seed;
  }

  /** The request is not even looked at. */
  refuses(): { status: number; reason: string } | null {
    if (this.refusal !== null) return this.refusal;
    return this.#chance(0.04) ? { status: 503, reason: 'backendError' } : null;
  }

  /** @param changed the request did something */
  loses(changed: boolean): boolean {
    if (!changed || this.lost === 0) return this.#chance(0.06);
    this.lost -= 1;
    return true;
  }

  job(): JobTrouble {
    const planned = this.plannedJobs.shift();
    if (planned !== undefined) return { looks: 0, reason: null, ...planned };
    return {
      looks: this.#chance(0.3) ? 3 : 0,
      reason: this.#chance(0.2) ? 'backendError' : null,
    };
  }

  #chance(probability: number): boolean {
    if (this.#state === null) return false;
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296 < probability;
  }
}
