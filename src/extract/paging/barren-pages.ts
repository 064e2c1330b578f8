import { hash } from 'node:crypto';
import type { PageNote } from '../../model.ts';
import { MAX_EMPTY_PAGES, MAX_EMPTY_TIME } from '../limits.ts';
import type { Row } from '../record.ts';

/** Counts the pages of one list that bring nothing: a server may give ever new cursors to them. */
export class BarrenPages {
  /** Of the records of every page that brought something. */
  readonly #seen = new Set<string>();
  #count = 0;
  #since = Number.NaN;

  /** @returns whether there were too many in a row, or for too long */
  add({ rows, note }: { rows: readonly Row[]; note: PageNote }): boolean {
    if (this.#isNew(rows)) {
      this.#count = 0;
      return false;
    }
    if (this.#count === 0) this.#since = note.at;
    this.#count += 1;
    return this.#count >= MAX_EMPTY_PAGES || note.at - this.#since >= MAX_EMPTY_TIME;
  }

  #isNew(rows: readonly Row[]): boolean {
    if (rows.length === 0) return false;
    const digest = hash('sha256', Buffer.concat(rows.map(({ bytes }) => bytes)), 'base64');
    if (this.#seen.has(digest)) return false;
    this.#seen.add(digest);
    return true;
  }
}
