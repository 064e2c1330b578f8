import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../state/layout.ts';

/** Something in the archive that is not as it was committed. */
export type Fault = {
  /** Relative to the archive folder. */
  file: string;
  /** Of a ledger segment, from 1. */
  line: number | null;
  seq: number | null;
  what: string;
  /** When it was committed and therefore intact, according to the ledger. */
  committed_at: string | null;
  /** When the file last changed, according to the file system: a hint only, since whoever alters a file can alter that too. */
  changed_at: string | null;
};

type Where = Pick<Fault, 'file' | 'what'> & Partial<Fault>;

/** What a report has room for. Whoever puts a million files there must not fill the memory with them. */
const MAX_LISTED = 1_000;

/** A segment with so many broken lines is not read on: somebody may have filled it with newlines. */
export const MOST_BROKEN = 100;

/** What is wrong with an archive: the first faults, and how many there are. */
export class Faults {
  readonly #layout: Layout;
  readonly #listed: Fault[] = [];
  #count = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  get count(): number {
    return this.#count;
  }

  async add(where: Where): Promise<void> {
    this.#count += 1;
    if (this.#count <= MAX_LISTED) this.#listed.push(await faultAt(this.#layout, where));
  }

  /** As a report lists them. */
  list(): Fault[] {
    const more = this.#count - this.#listed.length;
    if (more === 0) return this.#listed;
    const rest = { line: null, seq: null, committed_at: null, changed_at: null };
    return [...this.#listed, { file: '.', what: `and ${more} more`, ...rest }];
  }
}

/** Adds when the file last changed. */
async function faultAt(layout: Layout, where: Where): Promise<Fault> {
  const changed = await stat(join(layout.archive, where.file)).catch(() => null);
  return {
    line: null,
    seq: null,
    committed_at: null,
    changed_at: changed?.ctime.toISOString() ?? null,
    ...where,
  };
}
