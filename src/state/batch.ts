import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Millis, PageNote, StreamKind } from '../model.ts';
import type { Position } from './known.ts';
import { FORMAT } from './ledger-line.ts';
import { leaf, rootOf } from './merkle.ts';
import { TextBuffer } from './text-buffer.ts';

/** Most batches of a quiet night are small. */
const FIRST_BYTES = 64 * 1024;

/** Of the repetitive JSON little is left after compression: one piece instead of many small ones. */
const CHUNK_BYTES = 1024 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Fast: the vendor's JSON is so repetitive that level 1 leaves little on the table. */
const GZIP_LEVEL = 1;

export type BatchHead = {
  source: string;
  vendor: string;
  stream: string;
  stream_kind: StreamKind;
  organization_id: string;
};

/** The lines of a batch file, in memory until it is committed. See docs/archive-format.md. */
export class BatchBuilder {
  readonly #text = new TextBuffer(FIRST_BYTES);
  /** The hashes of the lines but the first, which takes its seq when the batch is committed. */
  readonly #leaves: string[] = [];
  #lines = 0;
  #longestLine = 0;
  #pages = 0;
  records = 0;
  untimed = 0;
  absent = 0;
  findings = 0;
  minTime: Millis | null = null;
  maxTime: Millis | null = null;

  get pages(): number {
    return this.#pages;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#text.length;
  }

  page(note: PageNote): number {
    this.#pages += 1;
    this.#add('page', { page: this.#pages, ...note, at: iso(note.at) });
    return this.#pages;
  }

  record(page: number, key: string, time: Millis | null, bytes: Buffer): void {
    this.records += 1;
    if (time === null) this.untimed += 1;
    else {
      this.minTime = Math.min(this.minTime ?? time, time);
      this.maxTime = Math.max(this.maxTime ?? time, time);
    }
    const at = time === null ? null : iso(time);
    // A string holds text only: bytes that are not UTF-8 are kept beside it.
    if (!isUtf8(bytes)) {
      const exact = bytes.toString('base64');
      this.#add('record', { page, key, time: at, record: bytes.toString('utf8'), bytes: exact });
      return;
    }
    this.#line(() => {
      const n = this.#lines;
      const quoted = at === null ? 'null' : `"${at}"`;
      this.#text.text(
        `{"n":${n},"kind":"record","page":${page},"key":${JSON.stringify(key)},"time":${quoted},"record":`,
      );
      this.#text.jsonString(bytes);
      this.#text.text('}');
    });
  }

  absence(key: string, at: Millis, of: Position): void {
    this.absent += 1;
    this.#add('absent', { key, at: iso(at), of });
  }

  finding(finding: string, at: Millis, what: string): void {
    this.findings += 1;
    this.#add('finding', { finding, at: iso(at), what });
  }

  /** The file's bytes, with the size before compression and the longest line, both in bytes. */
  async encode(
    head: BatchHead,
    seq: number,
  ): Promise<{ bytes: Buffer; size: number; longestLine: number; linesRoot: string }> {
    const first = JSON.stringify({ n: 0, kind: 'batch', format: FORMAT, seq, ...head });
    const text = Buffer.concat([Buffer.from(`${first}\n`), this.#text.bytes]);
    return {
      bytes: await pack(text, { level: GZIP_LEVEL, chunkSize: CHUNK_BYTES }),
      size: text.length,
      longestLine: Math.max(this.#longestLine, Buffer.byteLength(first) + 1),
      linesRoot: rootOf([leaf(first), ...this.#leaves]) ?? '',
    };
  }

  #add(kind: string, fields: Record<string, unknown>): void {
    this.#line(() => this.#text.text(JSON.stringify({ n: this.#lines, kind, ...fields })));
  }

  #line(write: () => void): void {
    const start = this.#text.length;
    this.#lines += 1;
    write();
    this.#leaves.push(leaf(this.#text.bytes.subarray(start)));
    this.#text.text('\n');
    this.#longestLine = Math.max(this.#longestLine, this.#text.length - start);
  }
}

export type StoredLine =
  | { n: number; kind: 'batch' }
  | {
      n: number;
      kind: 'page';
      page: number;
      request: string;
      status: number;
      at: string;
      bytes: number;
      sha256: string;
      records: number;
      context?: Record<string, string>;
    }
  | {
      n: number;
      kind: 'record';
      page: number;
      key: string;
      time: string | null;
      record: string;
      bytes?: string;
    }
  | { n: number; kind: 'absent'; key: string }
  | { n: number; kind: 'finding' };

/** The lines of a stored batch; at most a few megabytes, so they are read at once. */
export async function readBatch(file: string): Promise<StoredLine[]> {
  return (await readBatchText(file)).map((line) => JSON.parse(line) as StoredLine);
}

/** The same as they stand in the file, for their hashes. */
export async function readBatchText(file: string): Promise<string[]> {
  const text = (await unpack(await readFile(file))).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

export function bytesOf(line: { record: string; bytes?: string }): Buffer {
  return line.bytes === undefined ? Buffer.from(line.record) : Buffer.from(line.bytes, 'base64');
}

const MINUTE = 60_000;
let lastMinute = Number.NaN;
let lastText = '';

/** Events of one minute come together: its text is made once. */
function iso(at: Millis): string {
  const minute = Math.floor(at / MINUTE);
  if (minute !== lastMinute) {
    lastMinute = minute;
    lastText = new Date(minute * MINUTE).toISOString().slice(0, -7);
  }
  // 100,000 and more keeps the zeros in front.
  const rest = String(100_000 + at - minute * MINUTE);
  return `${lastText}${rest.slice(1, 3)}.${rest.slice(3)}Z`;
}
