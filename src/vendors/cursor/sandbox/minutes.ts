const MINUTE = 60_000;

/** Requests that are counted per minute of the clock and family of endpoints, and begin anew with the next minute. */
export class Minutes {
  #minute = 0;
  readonly #taken = new Map<string, number>();

  take(path: string, most: number, now: number): boolean {
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.#minute) this.#taken.clear();
    this.#minute = minute;
    const family = path.split('/').slice(0, 3).join('/');
    const taken = (this.#taken.get(family) ?? 0) + 1;
    this.#taken.set(family, taken);
    return taken <= most;
  }
}
