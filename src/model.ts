/**
 * The words of auditlake, then the types that pass between its parts. This file imports nothing.
 *
 * source     a configured account at a vendor            vendor   who it is (`tabnine`)
 * stream     one kind of record from a source            record   one thing the vendor told us, as bytes
 * page       what one request returned                   batch    what one ledger line commits
 * window     a half-open time range read in one go       slice    a part of it
 * watermark  everything before it has been read          place    how far the open window has been read
 * cursor     where a stream goes on                      seq      a ledger line's number
 * run        one execution and its outcome
 */

/** An instant as milliseconds since 1970-01-01T00:00:00Z. In files instants are ISO 8601 in UTC. */
export type Millis = number;

/** Half-open: `from` belongs to the window, `to` does not. */
export type Window = { from: Millis; to: Millis };

/**
 * A window that is being read: all of it before `place` is archived. A series is asked in parts (one per team,
 * user or day), in the order of their names: all parts up to `part` are archived.
 */
export type OpenWindow = Window & { place: Millis; part: string | null };

/**
 * A `log` has events with a time that do not change; `changes` are things listed by the time they last changed; a
 * `snapshot` lists things as they are now; a `series` has figures per period, which the vendor may restate.
 */
export type StreamKind = 'log' | 'changes' | 'snapshot' | 'series';

/** Where a stream goes on. It is stored in the ledger line that commits the data it speaks of. */
export type Cursor = {
  /** Logs and series: everything before this instant has been read. Null before the first window was finished. */
  watermark: Millis | null;
  /** Logs and series: the window that a run left unfinished. */
  window: OpenWindow | null;
  /** Snapshots: the seq of the batch from which the present state can be put together. */
  base: number | null;
};

export const EMPTY_CURSOR: Cursor = { watermark: null, window: null, base: null };

/** One record: a slice of a response body, never re-serialised. */
export type SourceRecord = {
  bytes: Buffer;
  /** The vendor's id, or for records without one a hash of the bytes with an ordinal. */
  key: string;
  /** When the event happened; null if the record does not say so in any way we know. */
  time: Millis | null;
};

/** What one request was and what came back, without the token. */
export type PageNote = {
  request: string;
  status: number;
  at: Millis;
  bytes: number;
  sha256: string;
  records: number;
  /** What the request adds to the meaning of its records, for example the team whose members it lists. */
  context?: Record<string, string>;
};

export type Page = {
  note: PageNote;
  records: SourceRecord[];
  /** Logs: once this page is archived, all of the window before this instant is. */
  place: Millis | null;
  /** Series: once this page is archived, all of this part is. Keys of its records begin with it and a slash. */
  part?: string;
  /** How much of the parts has been read, from 0 to 1. */
  fraction?: number;
};

/** A part of a stream that ended without its records: the others are read. Pages of other parts may come before and after. */
export type PartEnd = {
  part: string;
  /** `unavailable`: refused or not configured, so that nothing is known of it. `gone`: it does not exist any more. */
  ended: 'unavailable' | 'gone';
  reason: { code: string; message: string; hint: string };
};

/** What a reader found out about its vendor on the way, shown by `check` and `status`. */
export type Quirk = { code: string; what: string };

/** A calendar: the beginning of the period that an instant is in, and of the one after. */
export type Period = { floor(at: Millis): Millis; next(start: Millis): Millis };

/** A stream as the extract side offers it. */
export type StreamReader = {
  stream: string;
  kind: StreamKind;
  /** Its path, with names in braces for what varies, and the vendor's version that brought it; null if not known. */
  endpoint: string;
  since: string | null;
  /** The permission that it takes, as the vendor names it; null where the token's role decides. */
  needs?: string;
  /** Series: by what it counts; UTC days unless it says so. */
  period?: Period;
  /** Whether it must work unless the configuration says otherwise. */
  required: boolean;
  /** A series that the vendor froze: it is read once. */
  once?: boolean;
  /** `window` is null for snapshots and for them only. */
  read(window: OpenWindow | null): AsyncIterable<Page>;
  /** Logs: how many events of a window the vendor says it has. A hint; null where it does not say. */
  count?(window: Window): Promise<number | null>;
  /** Logs: when the oldest event happened that the vendor still serves; null if it has none or does not tell. */
  oldest?(now: Millis): Promise<Millis | null>;
};

/**
 * A configured account, reachable. `identify` makes the first request of a run, alone, and says whose account it is;
 * `known` is what the home remembers of it, for vendors whose accounts have several ids.
 */
export type SourceReader = {
  source: string;
  vendor: string;
  identify(known: string | null): Promise<{ organizationId: string; vendorNow: Millis | null }>;
  streams: StreamReader[];
  /** Requests sent and quirks met so far. */
  observed(): { requests: number; quirks: Quirk[] };
  /** Compares what should agree, for `check`. */
  crossCheck?(): Promise<void>;
  close(): Promise<void>;
};

export type Outcome = 'complete' | 'incomplete' | 'failed' | 'unavailable';

export type StreamError = { code: string; message: string; hint: string };

/** What a run did with one stream; the shape of `sync --json`, with instants as ISO strings there. */
export type StreamResult = {
  source: string;
  stream: string;
  outcome: Outcome;
  requests: number;
  pages: number;
  records: number;
  new_records: number;
  changed_records: number;
  known_records: number;
  absent_records: number;
  window: Window | null;
  watermark: Millis | null;
  error?: StreamError;
};

/** What turns archived records of one stream into rows. `sql` is a SELECT over `records`. */
export type Mapping = {
  vendor: string;
  stream: string;
  target: 'event' | 'entity' | 'figure' | 'session';
  sql: string;
};

/** The transform as data: everything `load` needs, and a digest that names its version. */
export type Transform = {
  mappings: Mapping[];
  /** CSV with the header vendor,action,category,activity. */
  vocabulary: string;
  version: string;
};

/** A committed batch as the loader needs to know it. */
export type BatchRef = {
  seq: number;
  source: string;
  vendor: string;
  stream: string;
  kind: StreamKind;
  organizationId: string;
  /** Absolute path. */
  file: string;
  /** Bytes of its longest line, which sizes DuckDB's read buffer. */
  longestLine: number;
  /** Bytes before compression. */
  size: number;
  /** Records in it. */
  records: number;
};
