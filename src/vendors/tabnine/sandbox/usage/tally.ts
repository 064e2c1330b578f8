import { figureCount } from './figures.ts';
import { type Dataset, PARTS, type Part } from './parts.ts';

/** Which parts are meant; all without a word. */
export type Wanted = { readonly feature?: string; readonly model?: string };

/** The figures of one bucket: sums of what users did, and how many different users did it. */
export class Tally {
  readonly #parts: readonly Part[];
  readonly #sums: Float64Array;
  /** Users by the set of parts that they used, a bit for each part: any union of parts has its distinct count in here. */
  readonly #usersBySet = new Map<number, number>();

  constructor(dataset: Dataset) {
    this.#parts = PARTS[dataset];
    this.#sums = new Float64Array(figureCount(dataset));
  }

  /** Takes in all that one user did in the bucket. */
  add(figures: Float64Array): void {
    let place = 0;
    let set = 0;
    for (const [bit, { counters }] of this.#parts.entries()) {
      for (const end = place + counters.length; place < end; place++) {
        const figure = figures[place] ?? 0;
        if (figure === 0) continue;
        set |= 1 << bit;
        this.#sums[place] = (this.#sums[place] ?? 0) + figure;
      }
    }
    this.#usersBySet.set(set, (this.#usersBySet.get(set) ?? 0) + 1);
  }

  /** The different users of these parts. */
  users(wanted: Wanted = {}): number {
    let mask = 0;
    for (const [bit, part] of this.#parts.entries()) {
      if (isWanted(part, wanted)) mask |= 1 << bit;
    }
    let users = 0;
    for (const [set, count] of this.#usersBySet) {
      if ((set & mask) !== 0) users += count;
    }
    return users;
  }

  /** The sum of one counter over these parts. */
  total(counter: string, wanted: Wanted = {}): number {
    let sum = 0;
    let place = 0;
    for (const part of this.#parts) {
      for (const { name } of part.counters) {
        if (name === counter && isWanted(part, wanted)) sum += this.#sums[place] ?? 0;
        place += 1;
      }
    }
    return sum;
  }

  /** Several counters, by name. */
  totals(counters: readonly string[], wanted: Wanted = {}): Record<string, number> {
    return Object.fromEntries(counters.map((name) => [name, this.total(name, wanted)]));
  }

  /** The models that were used in these parts. */
  models(wanted: Wanted = {}): string[] {
    const models = this.#parts.flatMap((part) =>
      isWanted(part, wanted) && part.model !== undefined ? [part.model] : [],
    );
    return [...new Set(models)].filter((model) => this.users({ ...wanted, model }) > 0);
  }
}

function isWanted(part: Part, { feature, model }: Wanted): boolean {
  return (
    (feature === undefined || feature === part.feature) &&
    (model === undefined || model === part.model)
  );
}
