import { isUtf8 } from 'node:buffer';
import { createGzip } from 'node:zlib';
import type { Millis, PageNote, StreamKind } from '../model.ts';
import { wellFormedTexts } from '../platform/key.ts';
import { iso, isoOrNull } from '../platform/time.ts';
import { FORMAT } from './format.ts';
import type { Position } from './known.ts';
import { leaf, rootOf } from './merkle.ts';
import { TextBuffer } from './text-buffer.ts';

/** Repetitive JSON compresses so well that one output chunk is cheaper than many small ones. */
const CHUNK_BYTES = 1024 * 1024;

/** The fastest: the vendors' JSON is so repetitive that higher levels gain little. */
const GZIP_LEVEL = 1;

const NEWLINE = 0x0a;
const CLOSE_OBJECT = 0x7d;

export type BatchHead = {
  source: string;
  vendor: string;
  stream: string;
  stream_kind: StreamKind;
  organization_id: string;
};

/** The lines of a batch file, in memory until the batch is committed. See docs/archive-format.md. */
export class BatchBuilder {
  readonly #text = new TextBuffer();
  /** The hashes of all lines but the first, which holds the seq and is made when the batch is committed. */
  readonly #leaves: string[] = [];
  #lines = 0;
  #longestLine = 0;
  #pages = 0;
  records = 0;
  /** Records without a time, or with one that steers nothing. */
  untimed = 0;
  absent = 0;
  findings = 0;
  minTime: Millis | null = null;
  maxTime: Millis | null = null;

  /** Bytes so far, uncompressed. */
  get size(): number {
    return this.#text.length;
  }

  /** @returns the page's number, which its records refer to */
  page(note: PageNote): number {
    this.#pages += 1;
    this.#add('page', { page: this.#pages, ...note, at: iso(note.at) });
    return this.#pages;
  }

  /** @param isStray its time is kept, and steers nothing */
  record(page: number, key: string, time: Millis | null, bytes: Buffer, isStray = false): void {
    this.records += 1;
    if (time === null || isStray) this.untimed += 1;
    else {
      this.minTime = Math.min(this.minTime ?? time, time);
      this.maxTime = Math.max(this.maxTime ?? time, time);
    }
    const at = isoOrNull(time);
    const stray = isStray ? { stray: true } : {};
    // A JSON string holds text only, so bytes that are not UTF-8 are stored separately.
    if (!isUtf8(bytes)) {
      const exact = bytes.toString('base64');
      this.#add('record', {
        page,
        key,
        time: at,
        ...stray,
        record: bytes.toString('utf8'),
        bytes: exact,
      });
      return;
    }
    const start = this.#beginLine();
    const quoted = at === null ? 'null' : `"${at}"`;
    this.#text.text(
      `{"n":${this.#lines},"kind":"record","page":${page},"key":${JSON.stringify(key)},"time":${quoted},${isStray ? '"stray":true,' : ''}"record":`,
    );
    this.#text.jsonString(bytes);
    this.#text.byte(CLOSE_OBJECT);
    this.#endLine(start);
  }

  /** A known record that the vendor no longer serves; `of` is where the archive has it. */
  absence(key: string, at: Millis, of: Position): void {
    this.absent += 1;
    this.#add('absent', { key, at: iso(at), of });
  }

  finding(finding: string, at: Millis, what: string): void {
    this.findings += 1;
    this.#add('finding', { finding, at: iso(at), what });
  }

  /** Ends the batch: the file's bytes, its size before compression and its longest line, both in bytes, and the root of its hash tree. */
  async encode(
    head: BatchHead,
    seq: number,
  ): Promise<{ bytes: Buffer; size: number; longestLine: number; linesRoot: string }> {
    const first = JSON.stringify({ n: 0, kind: 'batch', format: FORMAT, seq, ...head });
    const firstLine = Buffer.from(`${first}\n`);
    const text = this.#text.bytes();
    const size = firstLine.length + text.length;
    const linesRoot = rootOf([leaf(first), ...this.#leaves]) ?? '';
    const packed = createGzip({ level: GZIP_LEVEL, chunkSize: CHUNK_BYTES });
    packed.write(firstLine);
    packed.end(text);
    const bytes = Buffer.concat((await packed.toArray()) as Buffer[]);
    this.#text.free();
    return { bytes, size, longestLine: Math.max(this.#longestLine, firstLine.length), linesRoot };
  }

  #add(kind: string, fields: Record<string, unknown>): void {
    const start = this.#beginLine();
    const line = { n: this.#lines, kind, ...fields };
    this.#text.text(JSON.stringify(line, wellFormedTexts));
    this.#endLine(start);
  }

  #beginLine(): number {
    this.#lines += 1;
    return this.#text.length;
  }

  #endLine(start: number): void {
    this.#leaves.push(leaf(this.#text.bytes(start)));
    this.#text.byte(NEWLINE);
    this.#longestLine = Math.max(this.#longestLine, this.#text.length - start);
  }
}
