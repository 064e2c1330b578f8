/**
 * The segments of a ledger as they were when it was opened. A run goes back to them while it is at work, and whoever writes into them
 * meanwhile, and takes it out again, must not make it take for archived what is not.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Layout } from './layout.ts';
import type { LedgerLine, OpenLine } from './ledger-schema.ts';
import { readLines } from './lines.ts';
import {
  altered,
  firstAfter,
  mustBePlain,
  openingOf,
  parsedLine,
  segmentFile,
  segmentFiles,
} from './segments.ts';

/** So much of the newest segment was checked line by line, or written since. */
export type CheckedSegment = { segment: string; bytes: number; sha256: string };

type Previous = OpenLine['previous'];

export class CheckedSegments {
  /** Absolute paths, oldest first. */
  readonly files: readonly string[];
  readonly #newest: CheckedSegment;
  /** What the opening of a segment says of the one before, by the latter's index. */
  readonly #said = new Map<number, Previous>();
  /** The hashes of closed segments, as they were read. */
  readonly #read = new Map<number, string>();

  private constructor(files: readonly string[], newest: CheckedSegment) {
    this.files = files;
    this.#newest = newest;
  }

  /** @param newest null for an empty ledger */
  static async of(layout: Layout, newest: CheckedSegment | null): Promise<CheckedSegments> {
    const checked = newest ?? { segment: '', bytes: 0, sha256: '' };
    const last = segmentFile(layout, checked.segment);
    const files = newest === null ? [] : await segmentFiles(layout);
    return new CheckedSegments(
      files.filter((file) => file <= last),
      checked,
    );
  }

  /**
   * The lines of one of the segments. The newest must be as it was checked; a closed one as the next one says it was.
   *
   * @throws AuditlakeError `integrity`, once the lines were read, if it is not
   */
  async *lines(index: number): AsyncGenerator<LedgerLine> {
    const file = this.files[index];
    if (file === undefined) return;
    await mustBePlain(file);
    const isNewest = index === this.files.length - 1;
    const said = isNewest ? null : await this.#saidOf(index);
    const hash = createHash('sha256');
    const end = isNewest ? this.#newest.bytes : undefined;
    for await (const { bytes, torn } of readLines(file, hash, end)) {
      if (torn) continue;
      const line = parsedLine(bytes, file);
      if (line.kind === 'open') this.#meet(index, line.previous);
      yield line;
    }
    const sha256 = hash.digest('hex');
    if (isNewest) {
      if (sha256 === this.#newest.sha256) return;
      throw altered(`${file} was written to by something else while it was read`);
    }
    this.#read.set(index, sha256);
    if (said !== null && !isAs(said, file, sha256)) throw notAsClosed(file);
  }

  /** The lines after a seq. Reads no segment that ends before it. */
  async *after(seq: number): AsyncGenerator<LedgerLine> {
    for (let i = await firstAfter(this.files, seq); i < this.files.length; i += 1) {
      for await (const line of this.lines(i)) if (line.seq > seq) yield line;
    }
  }

  /** Of a segment that was read already, else as it is there now: it is compared once it is read. */
  async #saidOf(index: number): Promise<Previous> {
    const said = this.#said.get(index);
    if (said !== undefined) return said;
    return (await openingOf(this.files[index + 1] ?? ''))?.previous ?? null;
  }

  #meet(index: number, previous: Previous): void {
    this.#said.set(index - 1, previous);
    const [file, sha256] = [this.files[index - 1], this.#read.get(index - 1)];
    if (file === undefined || sha256 === undefined) return;
    if (!isAs(previous, file, sha256)) throw notAsClosed(file);
  }
}

function isAs(previous: Previous, file: string, sha256: string): boolean {
  return previous?.file === basename(file) && previous.sha256 === sha256;
}

function notAsClosed(file: string): Error {
  return altered(`${file} is not as it was when it was closed`);
}
