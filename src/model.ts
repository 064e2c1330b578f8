/**
 * The words of auditlake, then the types that pass between its parts. This file imports nothing.
 *
 * source     a configured account at a vendor            vendor   who it is
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

/** What a kind of stream can do, so that nobody has to know the kinds by name. */
export type Capabilities = {
  /** It is read window by window and has a watermark; otherwise it is read whole each time. */
  hasWindows: boolean;
  /** It is read in whole periods, part by part. The last period is provisional, and the last days may be restated. */
  hasPeriods: boolean;
  /** Its records are events: found again by `event_uid`, and every content that one ever had is remembered. */
  hasEvents: boolean;
  /** A record that is no longer served has vanished. Otherwise it may just be listed elsewhere. */
  noticesAbsence: boolean;
  /** Its days are compared with the vendor once no late record is expected in them any more. */
  isReconciled: boolean;
};

export const KINDS: Readonly<Record<StreamKind, Capabilities>> = {
  log: {
    hasWindows: true,
    hasPeriods: false,
    hasEvents: true,
    noticesAbsence: true,
    isReconciled: true,
  },
  // What has changed again since is listed under its later time.
  changes: {
    hasWindows: true,
    hasPeriods: false,
    hasEvents: false,
    noticesAbsence: false,
    isReconciled: false,
  },
  snapshot: {
    hasWindows: false,
    hasPeriods: false,
    hasEvents: false,
    noticesAbsence: true,
    isReconciled: false,
  },
  series: {
    hasWindows: true,
    hasPeriods: true,
    hasEvents: false,
    noticesAbsence: true,
    isReconciled: false,
  },
};

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
  /** Of a GET its path and query; of any other its method before and its body after. */
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

/** A part of a stream that ended without its records. Pages of other parts may come before and after it. */
export type PartEnd = {
  part: string;
  /** `unavailable`: refused or not configured; what it has is not known. `gone`: it was deleted at the vendor. */
  ended: 'unavailable' | 'gone';
  reason: StreamError;
};

/** Why parts of a stream ended: how many of them had this reason, and the first, whose words it has. */
export type PartReason = StreamError & { ended: PartEnd['ended']; parts: number; first: string };

/** The parts of a stream that ended without their records. */
export type PartsResult = { unavailable: number; gone: number; reasons: PartReason[] };

export function isPartEnd(item: Page | PartEnd): item is PartEnd {
  return 'ended' in item;
}

/** What a reader found out about its vendor on the way, shown by `check` and `status`. */
export type Quirk = { code: string; what: string };

/** A calendar: the beginning of the period that an instant is in, and of the one after. */
export type Period = { floor(at: Millis): Millis; next(start: Millis): Millis };

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
