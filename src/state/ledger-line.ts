/** The ledger's lines: their fields, and how one is sealed and checked. Pure; see docs/archive-format.md. */
import type { Cursor, StreamKind } from '../model.ts';
import { shapeFault } from './ledger-schema.ts';
import { leaf } from './merkle.ts';
import type { Signature, Signer } from './signing.ts';

/** The archive format this program writes; a newer one is refused rather than misread. */
export const FORMAT = 1;

/** What the very first line names as the line before it. */
export const NO_LINE = '0'.repeat(64);

/** Something that a crash left behind and a later run set aside. */
export type Recovered = { what: string; kept_as: string; bytes: number };

type Common = { format: number; seq: number; at: string; recovered?: Recovered[] };

/**
 * What every line but a batch's has: the root of the hash tree over the lines since the one before that had it, that one
 * included. So a batch is tied to the next signed line by a few hashes, and signed lines are to each other. Null in the first line.
 */
type Covering = { covers: string | null };

/** What a start needs to know of all lines before: a segment opens with it, and every line brings it up to date. */
export type Carried = {
  home: string;
  cursors: Record<string, Cursor>;
  organizations: Record<string, string>;
  totals: Record<string, StreamTotals>;
  /** Batches that were removed on purpose, and the line that removed the last of them. */
  pruned: { seqs: SeqRange[]; at: number };
  /** Per stream the day up to which it was compared with the vendor. */
  checked: Record<string, string>;
  retention: Record<string, Retention>;
};

/** Opens a month's segment. */
export type OpenLine = Common &
  Covering &
  Carried & {
    kind: 'open';
    segment: string;
    previous: { file: string; sha256: string; seq: number } | null;
  };

/** From the first to the last seq, both included. */
export type SeqRange = [first: number, last: number];

/** What the vendor kept of a stream when it was last asked: the time of its oldest event, null where it did not tell. */
export type Retention = { oldest_served: string | null; measured_at: string };

/** Of a stream: how many records are archived, and the times of its oldest and newest event. */
export type StreamTotals = { records: number; min_time: string | null; max_time: string | null };

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
  /** The root of the hash tree over its lines. */
  lines_root: string;
  size: number;
  longest_line: number;
  pages: number;
  /** Received, those that were known included. */
  records: number;
  /** In the file. */
  stored_records: number;
  new_records: number;
  changed_records: number;
  absent_records: number;
  untimed_records: number;
  min_time: string | null;
  max_time: string | null;
  cursor: Cursor;
};

/** What a run is for: `backfill` and `check` read old windows and move no cursor. */
export type Job = 'sync' | 'backfill' | 'check';

/** Closes a run: what it did with each stream, and the cursors of streams that had nothing new. */
export type RunLine = Common &
  Covering & {
    kind: 'run';
    job: Job;
    run_id: string;
    started_at: string;
    finished_at: string;
    outcome: string;
    streams: (Record<string, unknown> & {
      source: string;
      stream: string;
      organization_id?: string;
      cursor?: Cursor;
      /** If it was asked for in this run. */
      oldest_served?: string | null;
      /** Of a check: the days compared with the vendor, and the last of them, after which the next check goes on. */
      checked?: CheckedDay[];
      checked_up_to?: string;
    })[];
    /** In what the vendors' servers differ from what is documented. */
    quirks?: { source: string; code: string; what: string }[];
  };

/**
 * A day as compared with the vendor. `vendor` is its own count, a hint, or null where it gives none; `served` is what it
 * listed when the day was read again, null where the counts agreed and that was not needed.
 */
export type CheckedDay = {
  day: string;
  state: 'complete' | 'missing' | 'unread';
  archived: number;
  vendor: number | null;
  served: number | null;
  new_records: number;
  note: string | null;
};

/** Batches were removed on purpose: their files are gone, their lines stay. */
export type PruneLine = Common &
  Covering & { kind: 'prune'; reason: string; seqs: SeqRange[]; batches: number; records: number };

/** What was delivered to a receiver since the last such line. */
export type DeliveryLine = Common &
  Covering & {
    kind: 'delivery';
    sink: string;
    table: string;
    from_seq: number;
    to_seq: number;
    rows: number;
    set_aside: { uid: string; seq: number; n: number; reason: string }[];
  };

export type LedgerLine = OpenLine | BatchLine | RunLine | PruneLine | DeliveryLine;

type Unnumbered<T> = T extends unknown
  ? Omit<T, 'format' | 'seq' | 'at' | 'recovered' | 'covers'>
  : never;

/** A line's content before the ledger gives it number and time. */
export type LedgerEntry = Unnumbered<LedgerLine>;
export type RunEntry = Unnumbered<RunLine>;
export type DeliveryEntry = Unnumbered<DeliveryLine>;

const SEAL = ',"sha256":"';
const SEALED =
  /^,"sha256":"([0-9a-f]{64})"(?:,"key":"([0-9a-f]{64})","signature":"([0-9a-f]{128})")?\}$/;

/** The line's text without newline, and its hash, which the next line names as `prev`. */
export function seal(
  line: LedgerLine,
  prev: string,
  sign: Signer | null,
): { text: string; sha256: string; signature: Signature | null } {
  const content = JSON.stringify({ ...line, prev }).slice(0, -1);
  const sha256 = leaf(content);
  // Every line: what a crash leaves behind must be told from what somebody else appended.
  const signature = sign?.({ seq: line.seq, sha256 }) ?? null;
  const signed =
    signature === null ? '' : `,"key":"${signature.key}","signature":"${signature.signature}"`;
  return { text: `${content}${SEAL}${sha256}"${signed}}`, sha256, signature };
}

export type Unsealed = {
  line: LedgerLine;
  /** What it names as the hash of the line before. */
  prev: string;
  sha256: string;
  signature: Signature | null;
};

/**
 * Checks a line against its own hash; neither its place in the chain nor its signature.
 *
 * @returns the line, or what is wrong with it
 */
export function unseal(bytes: Buffer): Unsealed | { fault: string } {
  const at = bytes.lastIndexOf(SEAL);
  const sealed = at < 0 ? null : SEALED.exec(bytes.toString('latin1', at));
  if (sealed === null) return { fault: 'is not sealed' };
  const [, sha256 = '', key, signature] = sealed;
  if (leaf(bytes.subarray(0, at)) !== sha256) return { fault: 'does not match its own hash' };
  const value = parsed(bytes);
  if (value === undefined) return { fault: 'is not JSON' };
  const fault = shapeFault(value, FORMAT);
  if (fault !== null) return { fault };
  const { prev, ...line } = value as LedgerLine & { prev: string };
  return {
    line,
    prev,
    sha256,
    signature: key === undefined || signature === undefined ? null : { key, signature },
  };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function streamKey(source: string, stream: string): string {
  return `${source}/${stream}`;
}
