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
 * A window that is being read: everything in it before `place` is archived. A series is asked for in parts (one per team, user
 * or day), in the order of their names: all parts up to `part` are archived.
 */
export type OpenWindow = Window & { place: Millis; part: string | null };

/**
 * A `log` has events, which have a time and do not change; `changes` lists things by the time they last changed; a `snapshot`
 * lists things as they are now; a `series` has figures per period, which the vendor may restate.
 */
export type StreamKind = 'log' | 'changes' | 'snapshot' | 'series';

/** What a kind of stream can do, so that no code compares kinds by name. */
type Capabilities = {
  /** Read window by window, with a watermark; otherwise read whole each time. */
  hasWindows: boolean;
  /** Read in whole periods, part by part. The last period is provisional, and the last days may be restated. */
  hasPeriods: boolean;
  /** Its records are events: each has an `event_uid`, and every content that one ever had is remembered. */
  hasEvents: boolean;
  /** A record that is no longer served has vanished; otherwise it may just be listed elsewhere. */
  noticesAbsence: boolean;
  /** Its days are compared with the vendor once they expect no more late records. */
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
  // A thing that has changed again is listed under its later time.
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

/** Where a stream goes on. The ledger line that commits the data stores the cursor with it. */
export type Cursor = {
  /** Logs and series: everything before this instant has been read. Null until the first window is finished. */
  watermark: Millis | null;
  /** Logs and series: the window that a run left unfinished. */
  window: OpenWindow | null;
  /** Snapshots: the seq of the first batch that the present state is made of. */
  base: number | null;
  /** Findings: what each detection has judged, by its name. */
  judged?: Readonly<Record<string, Judged>> | undefined;
};

/** How far a detection has got: up to which seq it judged, by which rule (the SHA-256 of its file), and from which instant on. */
export type Judged = { rule: string; seq: number; since: Millis };

export const EMPTY_CURSOR: Cursor = { watermark: null, window: null, base: null };

/** One record: a slice of a response body, never re-serialised. */
export type SourceRecord = {
  bytes: Buffer;
  /** The vendor's id; without one, a hash of the bytes with an ordinal. */
  key: string;
  /** When the event happened; null if the record does not say so in a known form. */
  time: Millis | null;
};

/** One request and its answer, without the token. */
export type PageNote = {
  /** Of a GET its path and query; of any other its method before and its body after. */
  request: string;
  status: number;
  at: Millis;
  bytes: number;
  sha256: string;
  records: number;
  /** The rule by which texts were hidden in the body: `bytes`, `sha256` and the records are of what was left. */
  redaction?: string;
  /** What the request adds to the meaning of its records, for example the team whose members it lists. */
  context?: Record<string, string>;
};

export type Page = {
  note: PageNote;
  records: SourceRecord[];
  /** Logs: once this page is archived, everything in the window before this instant is. */
  place: Millis | null;
  /** Series: once this page is archived, all of this part is. The keys of its records begin with the part and a slash. */
  part?: string;
  /** How much of the parts has been read, from 0 to 1. */
  fraction?: number;
};

/** A part of a stream that ended without its records. Pages of other parts may come before and after it. */
export type PartEnd = {
  part: string;
  /**
   * `unavailable`: refused or not configured; what it has is not known. `gone`: it was deleted at the vendor. `awaited`: a
   * period that the vendor has yet to report on.
   */
  ended: 'unavailable' | 'gone' | 'awaited';
  reason: StreamError;
  /** Awaited: when its period begins. The watermark stays before it, so that every run asks for it again. */
  from?: Millis;
};

/** Why parts of a stream ended: how many had this reason, and the first of them, whose message it has. */
export type PartReason = StreamError & { ended: PartEnd['ended']; parts: number; first: string };

/** The parts of a stream that ended without their records. */
export type PartsResult = {
  unavailable: number;
  gone: number;
  /** Left out where there are none. */
  awaited?: number | undefined;
  reasons: PartReason[];
};

export function isPartEnd(item: Page | PartEnd): item is PartEnd {
  return 'ended' in item;
}

/** Where a vendor differs from its documents, found while reading. `check` and `status` show it. */
export type Quirk = { code: string; what: string };

/** A calendar: the start of the period that holds an instant, and the start of the next period. */
export type Period = { floor(at: Millis): Millis; next(start: Millis): Millis };

export type Outcome = 'complete' | 'incomplete' | 'failed' | 'unavailable';

export type StreamError = {
  code: string;
  message: string;
  hint: string;
  /** The exit code that it stands for. Lines of earlier versions lack it. */
  exit?: number | undefined;
};

/** What every pseudonym of a person begins with. It is no vendor's id, so nothing that is known of ids applies to it. */
export const PSEUDONYM_PREFIX = 'anon-';

/** The source of what auditlake itself archives, and its one stream. No account at a vendor can have its name. */
export const OWN_SOURCE = 'auditlake';
export const FINDINGS = 'findings';

/**
 * What a mapping makes rows of. `event`, `entity`, `figure`, `session` and `finding` come from archived records; `grant` and
 * `membership` from the versions of entities that the same stream brought.
 */
export type Target = 'event' | 'entity' | 'figure' | 'session' | 'finding' | 'grant' | 'membership';

/** Turns one stream into rows of one kind. `sql` is a SELECT over `records`; of a grant or membership over `versions`. */
export type Mapping = { vendor: string; stream: string; target: Target; sql: string };

/** What an action of a vendor is, in auditlake's words. `finding` is null unless the action reports a finding. */
export type Action = {
  vendor: string;
  action: string;
  category: string;
  activity: string;
  finding: string | null;
};

/** What an action changes of who may do what. Paths are JSON paths into the event's `details`; an empty text is nothing. */
export type AccessChange = {
  vendor: string;
  action: string;
  /** `granted` or `revoked`; an update may be both. */
  change: string;
  /** What kind of thing gets or loses it; nothing for what the action was done to. */
  kind: string;
  /** Where its id is; nothing for what the action was done to. */
  holder: string;
  /** Where the role is, or its name. */
  role: string;
  /** In what kind of thing it holds. */
  scope: string;
  /** Where the id of that is. */
  place: string;
};

/** What figures of a stream measure, in auditlake's words. */
export type Measure = {
  vendor: string;
  stream: string;
  /** `*` stands for any text. */
  metric: string;
  measure: string;
  /** What the figures are split by: null for a total, `product`, `model` or `both`, `any` where it does not matter. */
  split: string | null;
  /** What a model was used for; `*` for the first word of the metric. Null where it does not matter. */
  purpose: string | null;
  /** What an amount stands on, of a figure that says what something cost. */
  basis: Basis | null;
  /** The dataset whose totals have these figures in them; null for its own, `none` where no total has them. */
  whole: string | null;
};

/** How grave a finding is, the least first. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What an amount stands on: a bill, a list price, credits of the vendor, or mere tokens. Amounts with different ones say
 * the same thing in different ways, and are never added.
 */
export const BASES = ['billed', 'list_price', 'credits', 'tokens'] as const;
export type Basis = (typeof BASES)[number];

/** How long a vendor says that it keeps what a stream brings. */
export type StatedStream = {
  vendor: string;
  stream: string;
  kind: StreamKind;
  /** It has ended: it is read once and never again. */
  once: boolean;
  /** How long the vendor says that it keeps what the stream brings; null where it does not say. */
  seconds: number | null;
};

/** A vendor's product and its maker, as OCSF names them. */
export type Product = { vendor: string; product: string; maker: string };

/** What the user says: whose an account is, or what an account is known by. */
export type StatedIdentity = { person_id: string; identity: string };

/** What the user says of people, and a digest of it: an empty text where nothing is said. */
export type StatedPeople = { identities: readonly StatedIdentity[]; version: string };

export const NOBODY_STATED: StatedPeople = { identities: [], version: '' };

/** What a file of the user's says of addresses: in which country each is. */
export type Countries = {
  /** The SHA-256 of the file; an empty text where there is none. */
  version: string;
  /** ISO 3166 codes of those that the file knows. @throws an error with a message for the user if the file is of no use */
  of: (addresses: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

export const NO_COUNTRIES: Countries = { version: '', of: () => Promise.resolve(new Map()) };

/** The transform as data: everything `load` needs, and a digest that names its version. */
export type Transform = {
  mappings: readonly Mapping[];
  actions: readonly Action[];
  access: readonly AccessChange[];
  measures: readonly Measure[];
  products: readonly Product[];
  streams: readonly StatedStream[];
  version: string;
};

/** A committed batch, as the loader takes it. */
export type BatchRef = {
  seq: number;
  source: string;
  vendor: string;
  stream: string;
  kind: StreamKind;
  organizationId: string;
  /** Absolute path. */
  file: string;
  /** SHA-256 of the file, in hex. */
  sha256: string;
  /** Its longest line in bytes, which sizes DuckDB's read buffer. */
  longestLine: number;
  /** Bytes before compression. */
  size: number;
  /** How many records it holds. */
  records: number;
};

/** How many requests were sent in which minute, by the first path of the budget that they count towards. */
export type Spent = Readonly<
  Record<string, readonly (readonly [begins: Millis, requests: number])[]>
>;
