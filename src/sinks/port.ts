/**
 * The port of deliveries. A sink is where rows go: it is told what is new and says how far it got. The position is kept
 * outside of it, is moved only after the receiver has acknowledged, and never moves back: what was
 * acknowledged just before a crash may be sent again, what was not acknowledged is.
 */

/** A row's place in the archive: its ledger line and its line in the batch. Rows are delivered in this order. */
export type Position = { seq: number; n: number };

/** Before everything. */
export const START: Position = { seq: 0, n: -1 };

/** A position's `n` after all rows of its seq. */
export const WHOLE = Number.MAX_SAFE_INTEGER;

/** A position after all rows of a seq. */
export function after(seq: number): Position {
  return { seq, n: WHOLE };
}

/** The last seq of which nothing is missing at this position. */
export function wholeSeq({ seq, n }: Position): number {
  return n === WHOLE ? seq : Math.max(0, seq - 1);
}

export function order(one: Position, other: Position): number {
  return one.seq - other.seq || one.n - other.n;
}

/** What a receiver has to know of a table in order to keep its rows. */
export type DeliveredTable = {
  name: string;
  /** The column that names a row: a later revision of the row has the same value. */
  uid: string;
  /** The column with the row's time. */
  time: string;
  /** The columns that people filter by most, in this order. */
  clustering: readonly string[];
};

/** `auditlake`: the columns of the table. `ocsf`: an OCSF event, for `audit_events` only. */
export type RowFormat = 'auditlake' | 'ocsf';

/** A fact: it never changes. What is learned later comes as another row with the same `uid` and a higher `revision`. */
export type Row = {
  position: Position;
  uid: string;
  revision: number;
  /** Milliseconds since 1970; null where the event has no time. */
  time: number | null;
  /** The row as the text of one JSON object without newlines, its instants in ISO 8601, integers digit for digit. */
  json: string;
};

/** What one sink has to deliver of one table: all rows after a position, up to and with a seq. */
export type Parcel = {
  table: DeliveredTable;
  after: Position;
  to: number;
  /**
   * The rows in order, in portions of up to 2,048, read while they are asked for.
   * @param after where to go on, if not at the parcel's beginning
   */
  rows(format: RowFormat, after?: Position): AsyncIterable<Row[]>;
  /**
   * Writes rows into a Parquet file: the table's columns, and `row_uid` and `revision` where the table does not
   * have them. Rows of seqs in (`after`, `to`].
   *
   * @param lines only rows whose `n` is in this range, both ends included
   */
  parquet(
    file: string,
    after: number,
    to: number,
    lines?: { first: number; last: number },
  ): Promise<{ rows: number }>;
  /**
   * The seqs at which the parcel may be cut: each portion has at most about `rows` rows, if a seq does not have more.
   * Ascending, the last one is `to`.
   */
  cuts(rows: number): Promise<number[]>;
  /** Everything up to this position was acknowledged by the receiver or set aside. Durable once it returns. */
  delivered(position: Position, rows: number): Promise<void>;
  /** A row that the receiver refuses for good, with its words: it is reported, and not sent again. */
  setAside(row: { uid: string; position: Position }, reason: string): Promise<void>;
  /** A folder of the sink's own for files on the way; it is emptied before and after. */
  scratch: string;
};

/** How a sink works in a run. */
export type SinkTools = {
  signal: AbortSignal;
  now: () => number;
  onProgress(text: string): void;
  /** Something a person should know though the delivery goes on; it stands in the log. */
  onWarning(text: string): void;
};

/** A receiver of rows. */
export type RowSink = {
  kind: 'rows';
  /**
   * Delivers all of the parcel.
   * @throws AuditlakeError with what was sent where, what came back and what to do: exit 3 if a later run may succeed
   *   (unreachable, busy), 4 if a person must act (a refused token, a missing index). What was `delivered` stays so.
   */
  deliver(parcel: Parcel, tools: SinkTools): Promise<void>;
  /** Tries address and credentials without delivering anything. @returns what was found, in a sentence */
  check(tools: SinkTools): Promise<string>;
  close(): Promise<void>;
};

/** A file of the home as a mirror gets it. Its path is relative to the home and has only `/`. */
export type HomeFile = {
  path: string;
  bytes: number;
  /** SHA-256 in hex. */
  sha256: string;
};

/** What a mirror has to bring to the other side; files may be listed that are there already. */
export type HomeFiles = {
  home: string;
  /** Batches and closed ledger segments: they never change, and are listed from `after` on in the order of their seq. */
  fixed(after: number): AsyncIterable<HomeFile & { seq: number }>;
  /** The open ledger segment and the lake's files, as of now. */
  changing: HomeFile[];
  /** Comes after everything else: the lake's manifest. Null where there is no lake. */
  manifest: HomeFile | null;
  /** What is listed reaches up to here. */
  to: number;
  after: number;
  delivered(seq: number, files: number): Promise<void>;
};

/** A receiver of files. */
export type FileSink = {
  kind: 'files';
  /** @throws as `RowSink.deliver`; exit 5 if a file is there with other content that should never change */
  mirror(files: HomeFiles, tools: SinkTools): Promise<void>;
  check(tools: SinkTools): Promise<string>;
  close(): Promise<void>;
};

export type Sink = RowSink | FileSink;
