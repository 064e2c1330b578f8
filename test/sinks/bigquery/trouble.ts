/** What goes wrong at the double, by plan or by dice. The dice are seeded: the same seed is the same trouble. */
export type Trouble = {
  /** The request is not even looked at: this status instead. */
  status: number | null;
  /** Everything is done as asked, then the connection is cut. */
  lost: boolean;
};

export type JobTrouble = {
  /** How often the job is looked at until it is done. */
  looks: number;
  /** It ends with this reason and has done nothing. */
  reason: string | null;
};

export class Troubles {
  /** A job that is begun while there is a plan takes the first of it. */
  plannedJobs: Partial<JobTrouble>[] = [];
  lost = 0;
  /** Every request gets this error of the API. */
  refusal: { status: number; reason: string } | null = null;
  #state: number | null = null;

  /** From now on anything may happen. */
  random(seed: number): void {
    this.#state = seed;
  }

  calm(): void {
    this.#state = null;
  }

  request(changes: boolean): Trouble {
    if (changes && this.lost > 0) {
      this.lost -= 1;
      return { status: null, lost: true };
    }
    return { status: this.#chance(0.04) ? 503 : null, lost: this.#chance(0.06) };
  }

  job(): JobTrouble {
    const planned = this.plannedJobs.shift();
    if (planned !== undefined) return { looks: 0, reason: null, ...planned };
    return {
      looks: this.#chance(0.3) ? 3 : 0,
      reason: this.#chance(0.1) ? 'backendError' : null,
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
