/** The ledger's lines: their fields, and how one is sealed and checked. Pure; see docs/archive-format.md. */
import { createHash } from 'node:crypto';
import type { Cursor, StreamKind } from '../model.ts';

/** The archive format this program writes; a newer one is refused rather than misread. */
export const FORMAT = 1;

/** What the very first line names as the line before it. */
export const NO_LINE = '0'.repeat(64);

/** Something that a crash left behind and a later run set aside. */
export type Recovered = { what: string; kept_as: string; bytes: number };

type Common = { format: number; seq: number; at: string; recovered?: Recovered[] };

/** Opens a month's segment with all that a start needs to know of the segments before. */
export type OpenLine = Common & {
  kind: 'open';
  home: string;
  segment: string;
  previous: { file: string; sha256: string; seq: number } | null;
  cursors: Record<string, Cursor>;
  organizations: Record<string, string>;
  totals: Record<string, StreamTotals>;
};

/** Of a stream: how many records are archived, and the newest event's time. */
export type StreamTotals = { records: number; max_time: string | null };

/** Commits one batch file and the cursor that goes with it. */
export type BatchLine = Common & {
  kind: 'batch';
  run_id: string;
  source: string;
  vendor: string;
  stream: string;
  stream_kind: StreamKind;
  organization_id: string;
  file: string;
  file_sha256: string;
  file_bytes: number;
  size: number;
  longest_line: number;
  pages: number;
  records: number;
  new_records: number;
  changed_records: number;
  absent_records: number;
  untimed_records: number;
  min_time: string | null;
  max_time: string | null;
  cursor: Cursor;
};

/** Closes a run: what it did with each stream, and the cursors of streams that had nothing new. */
export type RunLine = Common & {
  kind: 'run';
  run_id: string;
  started_at: string;
  finished_at: string;
  outcome: string;
  streams: (Record<string, unknown> & {
    source: string;
    stream: string;
    organization_id?: string;
    cursor?: Cursor;
  })[];
  /** In what the vendors' servers differ from what is documented. */
  quirks?: { source: string; code: string; what: string }[];
};

export type LedgerLine = OpenLine | BatchLine | RunLine;

type Unnumbered<T> = T extends unknown ? Omit<T, 'format' | 'seq' | 'at' | 'recovered'> : never;

/** A line's content before the ledger gives it number and time. */
export type LedgerEntry = Unnumbered<LedgerLine>;

const SEAL = ',"sha256":"';

/** The line's text without newline, and its hash, which the next line names as `prev`. */
export function seal(line: LedgerLine, prev: string): { text: string; sha256: string } {
  const content = JSON.stringify({ ...line, prev }).slice(0, -1);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { text: `${content}${SEAL}${sha256}"}`, sha256 };
}

/**
 * Checks a line against its own hash and the line before.
 *
 * @returns the line, or what is wrong with it
 */
export function unseal(
  text: string,
  prev: string | null,
): { line: LedgerLine; sha256: string } | { fault: string } {
  const at = text.lastIndexOf(SEAL);
  const content = text.slice(0, Math.max(0, at));
  const sha256 = text.slice(at + SEAL.length, -2);
  if (at < 0 || !text.endsWith('"}') || sha256.length !== 64) return { fault: 'is not sealed' };
  if (createHash('sha256').update(content).digest('hex') !== sha256) {
    return { fault: 'does not match its own hash' };
  }
  const line = JSON.parse(text) as LedgerLine & { prev: string };
  if (prev !== null && line.prev !== prev) return { fault: 'does not follow the line before it' };
  return { line, sha256 };
}

export function streamKey(source: string, stream: string): string {
  return `${source}/${stream}`;
}
