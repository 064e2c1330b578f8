import { hash } from 'node:crypto';
import { VendorError } from '../../errors.ts';
import type { Page, PageNote, SourceRecord } from '../../model.ts';
import { MAX_PAGES_PER_LIST, MAX_PASSES } from '../limits.ts';
import { Keyer, type Row } from '../record.ts';
import { endless } from './cursor.ts';

/** One answer of a list that is paged by offset. */
export type ListPage = { rows: Row[]; note: PageNote; total: number | null };

export type ScanOptions = {
  /** `place`: how many pages came before it in this reading. */
  fetch(offset: number, place: number): Promise<ListPage>;
  /** Which rows belong to what is scanned; others are neither kept nor compared. */
  belongs: (row: Row) => boolean;
  /** Whether a page can begin with the last row of the page before, which shows that the two join. */
  overlaps: boolean;
  /** Whether a pass counts as whole if its pages join and bring exactly `total` different rows. */
  totalIsProof: boolean;
  /** True if nothing that belongs can follow this page. */
  endsAfter?(page: ListPage): boolean;
  /** Returns `too-large` when a pass needs more pages. Default: as many as a list may have, and then an error. */
  maxPages?: number;
  /** What `page.place` says once the scan is complete. */
  place: number | null;
  subject: string;
};

/**
 * Reads a list by offset until it is sure to have all of it. Rows that come or go meanwhile shift all
 * rows behind them, so one pass proves little: two passes must find the same rows with the same content.
 * An empty page is the end; a short one is not, since servers cap pages silently.
 *
 * @throws VendorError `unstable` if no two passes agree, or the list does not end
 */
export async function* scan(options: ScanOptions): AsyncGenerator<Page, 'complete' | 'too-large'> {
  let previous: string | null = null;
  for (let number = 1; number <= MAX_PASSES; number += 1) {
    const pass = new Pass(options);
    for (let pages = 1; ; pages += 1) {
      if (pages > (options.maxPages ?? MAX_PAGES_PER_LIST)) {
        if (options.maxPages === undefined) throw endless(options.subject);
        return 'too-large';
      }
      const page = await options.fetch(pass.offset, pages - 1);
      // A server that ignores offset would be read for ever, and rows without ids would be invented.
      if (pass.repeats(page)) throw offsetIgnored(options.subject);
      const records = pass.take(page, options.belongs);
      const isEnd = pass.isOver || options.endsAfter?.(page) === true;
      const agreed = isEnd && pass.isWhole(previous);
      yield { note: page.note, records, place: agreed ? options.place : null };
      if (agreed) return 'complete';
      if (isEnd) break;
    }
    previous = pass.signature;
  }
  throw unstableList(options.subject);
}

/** The error for a list that changed with every reading. */
export function unstableList(subject: string): VendorError {
  return new VendorError({
    fault: 'unstable',
    code: 'does-not-hold-still',
    url: subject,
    status: null,
    what: `${MAX_PASSES} readings of the same list brought different records each time`,
    hint: 'what was read before is archived; the next run reads the list again',
  });
}

/** The error for a list that never gets beyond a page. */
export function offsetIgnored(subject: string): VendorError {
  return new VendorError({
    fault: 'unstable',
    code: 'page-repeats',
    url: subject,
    status: null,
    what: 'the same page came again for another offset, so that the rest cannot be reached',
    hint: 'what was read is archived; please report it with this message, the server ignores which page it is asked for',
  });
}

/** One reading of a list from its first page on. */
class Pass {
  readonly #options: Pick<ScanOptions, 'overlaps' | 'totalIsProof'>;
  readonly #keyer = new Keyer();
  readonly #content = new ContentDigest();
  #former: readonly Row[] = [];
  /** Whether all pages join that could be looked at, and whether all could. */
  #joins = true;
  #isChecked = true;
  /** What every page so far said; undefined once they differ. */
  #total: number | null | undefined = undefined;
  #read = 0;
  /** Rows asked for again. */
  #overlap = 0;
  isOver = false;

  constructor(options: Pick<ScanOptions, 'overlaps' | 'totalIsProof'>) {
    this.#options = options;
  }

  /** Where the next page begins. */
  get offset(): number {
    return this.#read - this.#overlap;
  }

  /** Whether a page is the one before once more. */
  repeats({ rows }: ListPage): boolean {
    const former = this.#former;
    return (
      this.offset > 0 &&
      rows.length > 1 &&
      rows.length === former.length &&
      rows.every((row, i) => former[i]?.bytes.equals(row.bytes) === true)
    );
  }

  /** Takes in the next page. @returns its records that belong to what is scanned and were not on the page before */
  take({ rows, total }: ListPage, belongs: (row: Row) => boolean): SourceRecord[] {
    const last = this.#former.at(-1);
    if (this.#overlap === 0) this.#isChecked &&= last === undefined;
    else if (last !== undefined && rows[0] !== undefined) {
      this.#joins &&= rows[0].bytes.equals(last.bytes);
    }
    const fresh = rows.slice(this.#overlap);
    const records = fresh.filter((row) => belongs(row)).map((row) => this.#keyer.key(row));
    for (const record of records) this.#content.add(record);
    this.#total = this.#read === 0 || this.#total === total ? total : undefined;
    this.#read = this.offset + rows.length;
    this.isOver =
      fresh.length === 0 || (this.#options.totalIsProof && total !== null && this.#read >= total);
    this.#former = rows;
    // A page of one row would never get any further.
    this.#overlap = this.#options.overlaps && rows.length > 1 ? 1 : 0;
    return records;
  }

  /** Whether the pass, which is over, is sure to have all: by itself, or because it found what the one before did. */
  isWhole(previous: string | null): boolean {
    const isProof = this.#joins && this.#isChecked && this.#isCounted();
    return isProof || (previous !== null && this.signature === previous);
  }

  /** What was found; null if that cannot be all of it. Where rows come in any order, pages need not join. */
  get signature(): string | null {
    return this.#joins || this.#isCounted() ? this.#content.value : null;
  }

  #isCounted(): boolean {
    const { count, distinct } = this.#content;
    return this.#options.totalIsProof && count === this.#total && distinct === this.#total;
  }
}

/** A digest of a set of records that does not depend on their order: ties may change places. */
class ContentDigest {
  readonly #keys = new Set<string>();
  #sum = 0;
  count = 0;

  add(record: SourceRecord): void {
    const part = hash('sha256', record.bytes, 'buffer').readUIntBE(0, 6);
    this.#sum = (this.#sum + part) % 2 ** 48;
    this.#keys.add(record.key);
    this.count += 1;
  }

  get distinct(): number {
    return this.#keys.size;
  }

  get value(): string {
    return `${this.count}/${this.distinct}/${this.#sum}`;
  }
}
