const MINUTE = 60_000;

/** How many requests a vendor takes by the minute of the clock: of all paths that begin so together, the longest beginning first. */
export type MinuteLimits = Readonly<Record<string, number>>;

/** Requests as vendors count them that begin anew with every minute. */
export class Minutes {
  #minute = 0;
  readonly #taken = new Map<string, number>();

  /** @returns 0 if the request is within its limit, else how many ms the minute goes on */
  take(path: string, limits: MinuteLimits, now: number): number {
    const [family] = Object.keys(limits)
      .filter((beginning) => path.startsWith(beginning))
      .toSorted((one, other) => other.length - one.length);
    if (family === undefined) return 0;
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.#minute) this.#taken.clear();
    this.#minute = minute;
    const taken = (this.#taken.get(family) ?? 0) + 1;
    this.#taken.set(family, taken);
    return taken <= (limits[family] ?? 0) ? 0 : MINUTE - (now % MINUTE);
  }
}
