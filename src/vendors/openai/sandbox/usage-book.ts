import { fraction, hash, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';

const DAY = 86_400;

/** What one key used of one model on a day. */
export type Use = {
  project_id: string;
  user_id: string | null;
  api_key_id: string;
  model: string;
  requests: number;
};

const MODELS = ['gpt-5.2-2026-05-01', 'gpt-5.2-mini-2026-05-01', 'o6-2026-03-14'];

/** What was used on which day: it follows from the seed, the day and the key, and grows until the day is over. */
export class UsageBook {
  readonly #seed: number;
  readonly #start: number;
  readonly #directory: Directory;
  /** Days that the vendor has booked anew, by their begin, with what everything on them is multiplied by. */
  readonly restated = new Map<number, number>();

  constructor(seed: number, start: number, directory: Directory) {
    this.#seed = seed;
    this.#start = Math.floor(start / DAY) * DAY;
    this.#directory = directory;
  }

  /** @param day its begin, in seconds */
  of(day: number, now: number): Use[] {
    if (day < this.#start || day > now) return [];
    // As much of it as the day is old.
    const share = Math.min(1, (now - day) / DAY) * (this.restated.get(day) ?? 1);
    const uses: Use[] = [];
    let place = 0;
    for (const [project_id, keys] of this.#directory.apiKeys) {
      for (const { id, owner } of keys) {
        place += 1;
        const draw = hash(this.#seed + 31 + place, day / DAY);
        if (draw % 3 === 0) continue;
        const { user } = owner as { user?: { id: string } };
        const all = 10 + Math.floor(fraction(draw, place) * 200);
        uses.push({
          project_id,
          user_id: user?.id ?? null,
          api_key_id: id,
          model: pick(MODELS, draw >>> 2),
          requests: Math.floor(all * share),
        });
      }
    }
    return uses.filter(({ requests }) => requests > 0);
  }
}
