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
  belongs(row: Row): boolean;
  /** Rows asked for twice at each page boundary to see whether the list moved under us. */
  overlap: 0 | 1;
  /** Whether a pass that brings exactly `total` different rows proves itself. */
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
  for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
    const keyer = new Keyer();
    const signature = new Signature();
    let joined = true;
    let offset = 0;
    let last: Buffer | null = null;
    let former: readonly Row[] = [];
    for (let pages = 1; ; pages += 1) {
      if (pages > (options.maxPages ?? MAX_PAGES_PER_LIST)) {
        if (options.maxPages === undefined) throw endless(options.subject);
        return 'too-large';
      }
      const page = await options.fetch(offset, pages - 1);
      // A server that ignores offset would be read for ever, and rows without ids would be invented.
      if (offset > 0 && repeats(page.rows, former)) throw offsetIgnored(options.subject);
      former = page.rows;
      const overlapped: boolean = last !== null && options.overlap === 1;
      if (overlapped && page.rows.length > 0)
        joined &&= page.rows[0]?.bytes.equals(last ?? page.rows[0].bytes) === true;
      const fresh = overlapped ? page.rows.slice(1) : page.rows;
      const records = fresh.filter((row) => options.belongs(row)).map((row) => keyer.key(row));
      for (const record of records) signature.add(record);
      const read = offset + page.rows.length;
      const isEnd =
        fresh.length === 0 ||
        options.endsAfter?.(page) === true ||
        (options.totalIsProof && page.total !== null && read >= page.total);
      const agreed =
        isEnd &&
        joined &&
        (signature.value === previous ||
          (options.totalIsProof &&
            signature.distinct === page.total &&
            signature.count === page.total));
      yield { note: page.note, records, place: agreed ? options.place : null };
      if (agreed) return 'complete';
      if (isEnd) break;
      last = page.rows.at(-1)?.bytes ?? null;
      offset = read - options.overlap;
    }
    previous = joined ? signature.value : null;
  }
  throw new VendorError({
    fault: 'unstable',
    code: 'does-not-hold-still',
    url: options.subject,
    status: null,
    what: `${MAX_PASSES} readings of the same list brought different records each time`,
    hint: 'what was read is archived; the next run reads the list again',
  });
}

function repeats(rows: readonly Row[], former: readonly Row[]): boolean {
  return (
    rows.length > 1 &&
    rows.length === former.length &&
    rows.every((row, i) => former[i]?.bytes.equals(row.bytes) === true)
  );
}

function offsetIgnored(subject: string): VendorError {
  return new VendorError({
    fault: 'unstable',
    code: 'page-repeats',
    url: subject,
    status: null,
    what: 'the same page came again for another offset, so that the rest cannot be reached',
    hint: 'what was read is archived; please report it with this message, the server ignores `offset`',
  });
}

/** A digest of a set of records that does not depend on their order: ties may change places. */
class Signature {
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
