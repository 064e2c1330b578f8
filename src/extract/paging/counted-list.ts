/**
 * Lists whose pages are numbered and which say how many there are in all. A page may count something else than rows: one of
 * people has as many rows as they have days. So no page is taken for the last because it is short.
 */
import { hash } from 'node:crypto';
import type { PageNote, SourceRecord } from '../../model.ts';
import { MAX_PAGES_PER_LIST, MAX_PASSES } from '../limits.ts';
import { Keyer, type Row } from '../record.ts';
import { BarrenPages } from './barren-pages.ts';
import { endlesslyEmpty, endless } from './cursor.ts';
import { unstableList, offsetIgnored } from './offset.ts';

export type CountedPage = {
  rows: readonly Row[];
  note: PageNote;
  /** How many there are on all pages; null if the vendor does not say. */
  total: number | null;
  /** Whether it says that a further page follows; null if it does not say. */
  more: boolean | null;
  /** What the page counts by name, also where there is no row of it. */
  counts?: readonly string[];
};

export type CountedList = {
  /** @param page from 1 */
  fetch: (page: number) => Promise<CountedPage>;
  /** What `total` counts: whose record it is, say. Default: records. */
  countedAs?: (row: Row) => string;
  /** What may be spent on it before it is to be asked for in smaller pieces. Default: all it takes. */
  patience?: { pages: number; passes: number };
  subject: string;
};

/** A page that was read, with its records under their keys. */
export type HeldPage = { note: PageNote; records: SourceRecord[] };

/**
 * Reads a list until it is sure to have all of it, and hands nothing over before. That is so if it came in one answer, or if
 * every page named the same total and as many were found; else if two readings brought the same.
 *
 * @returns null if that took more than its patience
 * @throws VendorError `unstable` if no two readings agree, or the list does not end
 */
export async function readWhole(list: CountedList): Promise<HeldPage[] | null> {
  const { patience, subject } = list;
  let former: string | null = null;
  for (let number = 1; number <= (patience?.passes ?? MAX_PASSES); number += 1) {
    const pass = await readOnce(list);
    if (pass === null) return null;
    if (pass.isProven()) return pass.pages;
    const signature = pass.signature();
    if (signature === former) return pass.pages;
    former = signature;
  }
  if (patience !== undefined) return null;
  throw unstableList(subject);
}

async function readOnce(list: CountedList): Promise<Pass | null> {
  const { fetch, patience, subject } = list;
  const pass = new Pass(list);
  const barren = new BarrenPages();
  for (let number = 1; ; number += 1) {
    const page = await fetch(number);
    const { rows, total, note } = page;
    if (pass.repeats(rows)) throw offsetIgnored(subject);
    pass.take(page);
    if (pass.isOver(page)) return pass;
    const expected = total === null || rows.length === 0 ? number : total / rows.length;
    if (patience !== undefined && Math.max(expected, number) > patience.pages) return null;
    if (barren.add({ rows, note })) throw endlesslyEmpty(subject);
    if (number >= MAX_PAGES_PER_LIST) throw endless(subject);
  }
}

/** One reading of a list from its first page on. */
class Pass {
  readonly pages: HeldPage[] = [];
  readonly #countedAs: CountedList['countedAs'];
  readonly #keyer = new Keyer();
  readonly #counted = new Set<string>();
  readonly #totals = new Set<number | null>();
  #former: readonly Row[] = [];
  /** Whether a page began with a row of the page before: the rows have moved, or there are two of that kind. */
  #overlaps = false;

  constructor({ countedAs }: CountedList) {
    this.#countedAs = countedAs;
  }

  /** Whether a page is the one before once more. */
  repeats(rows: readonly Row[]): boolean {
    const former = this.#former;
    return (
      rows.length > 1 &&
      rows.length === former.length &&
      rows.every((row, i) => former[i]?.bytes.equals(row.bytes) === true)
    );
  }

  take({ rows, note, total, counts = [] }: CountedPage): void {
    const [first] = rows;
    this.#overlaps ||=
      first !== undefined &&
      this.#former.some(({ id, bytes }) => id === first.id && bytes.equals(first.bytes));
    const records = rows.map((row) => this.#keyer.key(row));
    for (const [i, row] of rows.entries()) {
      this.#counted.add(this.#countedAs?.(row) ?? records[i]?.key ?? '');
    }
    for (const name of counts) this.#counted.add(name);
    this.pages.push({ note, records });
    this.#totals.add(total);
    this.#former = rows;
  }

  /** Whether nothing follows. Where the vendor says so and has named more than came, it is asked once more. */
  isOver({ rows, total, more, counts }: CountedPage): boolean {
    if (more === true) return false;
    // Someone missing from this page need not be on another: the vendor's own count of pages decides.
    if (counts !== undefined && more === false) return true;
    if (rows.length === 0) return true;
    if (total === null) return more === false;
    return this.#counted.size >= total;
  }

  isProven(): boolean {
    const [total = null] = this.#totals;
    if (this.#totals.size > 1 || this.#overlaps) return false;
    return total === null ? this.pages.length === 1 : total === this.#counted.size;
  }

  /** What was found, in whatever order. */
  signature(): string {
    const found = this.pages.flatMap(({ records }) =>
      records.map(({ key, bytes }) => hash('sha256', `${key} ${hash('sha256', bytes)}`)),
    );
    return hash('sha256', found.toSorted().join());
  }
}
