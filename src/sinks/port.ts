/**
 * What a sink owes to the rest of auditlake, on one page.
 *
 * A sink is one folder below `sinks/`. Its `sink.ts` declares it (`defineSink`); nothing outside of the folder knows its name.
 * It knows no table by name either: what it has to know of a table comes with the delivery.
 *
 * A sink is handed what is new and reports what its receiver acknowledged. Its position is kept outside of it. A sink must
 * keep these promises, and `test/contract/sink.ts` tries every one of them on every declared sink:
 *
 * - At least once. A position is acknowledged only when the receiver has everything up to it, and never goes back. What was
 *   acknowledged just before a crash may be sent again; what was not acknowledged is.
 * - Rows are sent in the order of their positions, and acknowledged in it.
 * - A row that the receiver refuses for good becomes a dead letter, and the rest is delivered. If every row is refused, the
 *   rows are not the cause: that is an error, and none becomes a dead letter.
 * - A receiver that is busy or unreachable is retried for a while; then the delivery ends with exit 3 and goes on in the next
 *   run. A refused credential ends it at once, with exit 4.
 * - Rows are read as fast as the receiver takes them: memory does not grow with what there is to deliver.
 * - Once the signal fires nothing more is sent.
 * - `check` tries address and credentials, and delivers nothing.
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

/** `auditlake`: the columns of the table. `ocsf`: an OCSF event. */
export type RowFormat = 'auditlake' | 'ocsf';

/** What a sink has to know of a table in order to keep its rows. */
export type DeliveredTable = {
  name: string;
  /** The column that names a row: a later revision of the row has the same value. */
  uid: string;
  /** The column with the row's time. */
  time: string;
  /** The columns that people filter by most, in this order. */
  clustering: readonly string[];
  /** How its rows can be sent. */
  formats: readonly RowFormat[];
  /** Whether it is the table that a sink gets unless the configuration names others. */
  isDefault: boolean;
};

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

/** One hand-over to one sink: all rows of a table after a position, up to and with a seq. */
export type Delivery = {
  table: DeliveredTable;
  after: Position;
  to: number;
  /**
   * The rows in order, up to 2,048 at a time, read while they are asked for.
   * @param after where to start, if not at the delivery's beginning
   */
  rows(format: RowFormat, after?: Position): AsyncIterable<Row[]>;
  /**
   * Writes the rows of seqs in (`after`, `to`] into a Parquet file: the table's columns, and `row_uid` and `revision` where
   * the table does not have them.
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
   * The seqs after which the delivery may be split so that each part has about `rows` rows at most; a single seq with more is
   * a part by itself. Ascending; the last one is `to`.
   */
  splits(rows: number): Promise<number[]>;
  /**
   * Everything up to this position was acknowledged by the receiver, is a dead letter or is none of what it wants. Durable once it
   * returns.
   *
   * @param unwanted of `rows`, those that its options leave out
   */
  acknowledged(position: Position, rows: number, unwanted?: number): Promise<void>;
  /** The receiver refuses this row for good, with these words: it is reported, and not sent again. */
  deadLetter(row: { uid: string; position: Position }, reason: string): Promise<void>;
  /** A folder of the sink's own for temporary files; it is emptied before and after. */
  scratch: string;
};

/** What a sink works with during a run. */
export type SinkTools = {
  signal: AbortSignal;
  now: () => number;
  onProgress(text: string): void;
  /** Something a person should know although the delivery goes on; it is logged. */
  onWarning(text: string): void;
};

/** A sink of rows. */
export type RowSink = {
  kind: 'rows';
  /**
   * Sends all rows of a delivery.
   * @throws AuditlakeError with what was attempted on what, what came back and what to do: exit 3 if a later run may succeed,
   *   4 if a person must act (a refused token, a missing index). What was `acknowledged` stays so.
   */
  deliver(delivery: Delivery, tools: SinkTools): Promise<void>;
  /** Called once per run when all of its tables were delivered, also where there was nothing. @throws as `deliver` */
  finished?(report: { seq: number }, tools: SinkTools): Promise<void>;
  /** Tries address and credentials without delivering anything. @returns what was found, in a sentence */
  check(tools: SinkTools): Promise<string>;
  close(): Promise<void>;
};

/** A file of the home. Its path is relative to the home, its parts separated by `/`. */
export type HomeFile = {
  path: string;
  bytes: number;
  /** SHA-256 in hex. */
  sha256: string;
};

/** One hand-over to a sink of files. Files that the receiver has already may be listed again. */
export type HomeFiles = {
  home: string;
  /** Batches and closed ledger segments after a seq, in the order of their seqs. They never change. */
  fixed(after: number): AsyncIterable<HomeFile & { seq: number }>;
  /** The open ledger segment and the lake's files, as of now. */
  changing: HomeFile[];
  /** The lake's manifest, which must be sent after everything else. Null if there is no lake. */
  manifest: HomeFile | null;
  after: number;
  /** The last seq of what is listed. */
  to: number;
  /** The receiver has every file up to this seq. Durable once it returns. */
  acknowledged(seq: number, files: number): Promise<void>;
};

/**
 * How a receiver's copy of a file compares with it, by what the receiver computed itself or else by the bytes; `bytes`: it is shorter and
 * begins like the file.
 */
export type Copy = 'equal' | 'missing' | 'different' | { bytes: number };

/** A sink of files. */
export type FileSink = {
  kind: 'files';
  /** Compares copies with files of the home, several at a time. Writes nothing. */
  compare(home: string, tools: SinkTools): Promise<(file: HomeFile) => Promise<Copy>>;
  /** @throws as `RowSink.deliver`; exit 5 if the receiver has other content where a file must never change */
  mirror(files: HomeFiles, tools: SinkTools): Promise<void>;
  check(tools: SinkTools): Promise<string>;
  close(): Promise<void>;
};

export type Sink = RowSink | FileSink;
