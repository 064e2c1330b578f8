import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Millis, PageNote, StreamKind } from '../model.ts';
import type { Position } from './known.ts';
import { FORMAT } from './ledger-line.ts';

/** Of the repetitive JSON little is left after compression: one piece instead of many small ones. */
const CHUNK_BYTES = 1024 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Fast: the vendor's JSON is so repetitive that level 1 leaves little on the table. */
const GZIP_LEVEL = 1;

const NEWLINE = 0x0a;

export type BatchHead = {
  source: string;
  vendor: string;
  stream: string;
  stream_kind: StreamKind;
  organization_id: string;
};

/**
 * The lines of a batch file, in memory until it is committed. See docs/archive-format.md.
 *
 * Lines are kept with one character per byte of their UTF-8 text (`latin1`): JSON escapes no byte above 0x7f, so that
 * records go through without being decoded and encoded again.
 */
export class BatchBuilder {
  #lines: string[] = [];
  #pages = 0;
  /** Bytes so far. */
  size = 0;
  records = 0;
  untimed = 0;
  absent = 0;
  findings = 0;
  minTime: Millis | null = null;
  maxTime: Millis | null = null;

  get pages(): number {
    return this.#pages;
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
    const about = { page, key, time: time === null ? null : iso(time) };
    // A string holds text only: bytes that are not UTF-8 are kept beside it.
    if (!isUtf8(bytes)) {
      const exact = bytes.toString('base64');
      this.#add('record', { ...about, record: bytes.toString('utf8'), bytes: exact });
      return;
    }
    const head = this.#line('record', about);
    this.#push(`${head.slice(0, -1)},"record":${JSON.stringify(bytes.toString('latin1'))}}`);
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
  ): Promise<{ bytes: Buffer; size: number; longestLine: number }> {
    const first = JSON.stringify({ n: 0, kind: 'batch', format: FORMAT, seq, ...head });
    const text = Buffer.from(`${toLatin1(first)}\n${this.#lines.join('\n')}\n`, 'latin1');
    let longestLine = 0;
    for (let start = 0; start < text.length;) {
      const end = text.indexOf(NEWLINE, start);
      longestLine = Math.max(longestLine, end - start + 1);
      start = end + 1;
    }
    return {
      bytes: await pack(text, { level: GZIP_LEVEL, chunkSize: CHUNK_BYTES }),
      size: text.length,
      longestLine,
    };
  }

  #add(kind: string, fields: Record<string, unknown>): void {
    this.#push(this.#line(kind, fields));
  }

  #line(kind: string, fields: Record<string, unknown>): string {
    return toLatin1(JSON.stringify({ n: this.#lines.length + 1, kind, ...fields }));
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.size += line.length + 1;
  }
}

/** One character per byte of the text's UTF-8 form. */
function toLatin1(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length === text.length ? text : bytes.toString('latin1');
}

export type StoredLine =
  | { n: number; kind: 'batch' }
  | { n: number; kind: 'page'; page: number; context?: Record<string, string> }
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
  const text = (await unpack(await readFile(file))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StoredLine);
}

export function bytesOf(line: { record: string; bytes?: string }): Buffer {
  return line.bytes === undefined ? Buffer.from(line.record) : Buffer.from(line.bytes, 'base64');
}

const SECOND = 1000;
let lastSecond = Number.NaN;
let lastText = '';

/** Events of one second come together: its text is made once. */
function iso(at: Millis): string {
  const millis = ((at % SECOND) + SECOND) % SECOND;
  if (at - millis !== lastSecond) {
    lastSecond = at - millis;
    lastText = new Date(lastSecond).toISOString().slice(0, -4);
  }
  return `${lastText}${String(millis).padStart(3, '0')}Z`;
}
