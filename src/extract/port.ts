/**
 * What a vendor owes to the rest of auditlake, on one page.
 *
 * A vendor is one folder below `vendors/`. Its `vendor.ts` declares everything that the rest needs to know (`defineVendor`);
 * nothing outside of the folder knows its name. A declaration holds no state: `session` opens an account, and each
 * stream then reads with what the session gives it.
 *
 * A stream must keep these promises, and `test/contract/vendor.ts` tries every one of them on every vendor's sandbox:
 *
 * - Every record of a window is handed over at least once, as the exact bytes that were served. Repeats are welcome: the
 *   archive knows what it has.
 * - The same record has the same key in every reading. Where the vendor gives no id, the key is made by `Keyer`.
 * - `place` of a page is promised: everything in the window before it has been handed over. A stream whose order cannot be
 *   relied upon promises nothing before the end of the window.
 * - A short page is not an end, nor is an empty one that brings a cursor. What ends a list is what the vendor says ends it.
 * - Every loop has a bound, and meeting a bound is an error that says so; it is never an end.
 * - A cut, malformed or refused answer is a `VendorError`. Nothing is skipped in silence.
 * - What is asked part by part (a team, a user, a day) ends part by part: one that is refused or gone is a `PartEnd`, and the
 *   others are read.
 * - Only requests that `reads` lists are sent; the client refuses any other.
 * - Once the signal fires no further request is sent.
 */
import type { z } from 'zod';
import type {
  Millis,
  OpenWindow,
  Page,
  PartEnd,
  Period,
  Quirk,
  StreamKind,
  Window,
} from '../model.ts';
import type { SourceClient } from './client.ts';
import type { Diagnosis } from './diagnosis.ts';

/** What turns the records of a stream into rows: per target a file of SQL in the vendor's folder. */
export type Maps = Partial<
  Record<'event' | 'entity' | 'figure' | 'session' | 'grant' | 'membership', string>
>;

/** A request that a stream may send; `{name}` stands for one segment of the path. */
export type Read = { method: 'GET' | 'POST'; path: string };

/** What is known of a stream without asking anybody. */
export type StreamInfo = {
  /** Its name in commands, tables and the archive's folders. */
  stream: string;
  /** What it brings, for the vendor's page in the docs. */
  brings: string;
  kind: StreamKind;
  /** The path it reads, with names in braces for what varies, and the vendor's version that brought it; null if not known. */
  endpoint: string;
  since: string | null;
  /** The permission that it takes, as the vendor names it; null where the token's role decides. */
  needs: string | null;
  /** Whether it must work unless the configuration says otherwise. */
  required: boolean;
  /** Series: by what it counts; UTC days unless it says so. */
  period?: Period;
  /** A series that the vendor froze: it is read once. */
  once: boolean;
  maps: Maps;
};

/** How a stream is read once an account is open. */
export type Reading = {
  /** `window` is null for snapshots and for them only. */
  read(window: OpenWindow | null): AsyncIterable<Page | PartEnd>;
  /** Logs: how many events of a window the vendor says it has. A hint; null where it does not say. */
  count?(window: Window): Promise<number | null>;
  /** Logs: when the oldest event happened that the vendor still serves; null if it has none or does not tell. */
  oldest?(now: Millis): Promise<Millis | null>;
};

export type StreamReader = StreamInfo & Reading;

/** A stream as its file declares it. */
export type Stream<Session> = Omit<StreamInfo, 'needs' | 'required' | 'once'> &
  Partial<Pick<StreamInfo, 'needs' | 'required' | 'once'>> & {
    /** All that it may send; `GET endpoint` where it is left out. */
    reads?: readonly Read[];
    /** Whether the options want it; always, where it is left out. */
    wanted?(session: Session): boolean;
    open(session: Session): Reading;
  };

/** Whose account it is, by the first request of a run, which goes alone. */
export type Identity = { organizationId: string; vendorNow: Millis | null };

/** What a session is opened with. Nothing is sent while it is opened. */
export type Connection<Options> = {
  client: SourceClient;
  options: Options;
  /** Secrets beside the token, by their option's name; null where one is not set. */
  secrets: Readonly<Record<string, string | null>>;
  /** Requests in flight, at most. */
  concurrency: number;
  now: () => Millis;
  /** Notes a way in which the vendor differs from its documents. */
  quirk(quirk: Quirk): void;
};

/** A secret of a source beside its token: option `<name>` or `<name>File`. */
export type SecretOption = {
  what: string;
  /** What is wrong with a value and what to do; null if it will do. Must not repeat it. */
  problem(value: string): { what: string; hint: string } | null;
};

export type VendorDeclaration<Shape extends z.ZodObject, Session> = {
  /** Its `type` in the configuration, `vendor` in every table. */
  type: string;
  title: string;
  /** Product and maker, as OCSF's `metadata.product` names them. */
  product: { name: string; vendor: string };
  /** `new URL('.', import.meta.url)`: where the SQL files, actions.csv and measures.csv are. */
  folder: URL;
  /** The API's own host. */
  host: string;
  /** Variables that turn a source on and address it. */
  variables: { token: string; baseUrl: string };
  token: {
    /** What to make, and where the vendor lets one make it. */
    hint: string;
    problem?: SecretOption['problem'];
  };
  /** Options of a source beyond those of every source, each with its documentation; a variable of its own as `meta({ variable })`. */
  options: Shape;
  secrets?: Readonly<Record<string, SecretOption>>;
  /** What is wrong with options that are each right; null if nothing is. */
  problem?(options: z.output<Shape>): { what: string; hint: string } | null;
  /** Requests beside those of the streams: who the account is, and what is compared. */
  reads: readonly Read[];
  /** Reads the vendor's error shapes; null where the status alone says it. */
  diagnose(status: number, body: Buffer): Diagnosis | null;
  session(connection: Connection<z.output<Shape>>): Session;
  /** `known` is what the home remembers of the account, for vendors whose accounts have several ids. */
  identify(session: Session, known: string | null): Promise<Identity>;
  /** Compares what should agree, for `check`. */
  crossCheck?(session: Session): Promise<void>;
  /** The evidence first: what takes long comes last. */
  streams: readonly Stream<Session>[];
  /** The vendor's API on loopback, for the demonstration and the tests. */
  sandbox(): Promise<SandboxMaker>;
};

/** Loaded only when it is asked for. What it makes is served by the kit in `sandbox/`. */
export type SandboxMaker = { make(options: never): unknown };

/** A configured account, reachable. */
export type SourceReader = {
  source: string;
  vendor: string;
  identify(known: string | null): Promise<Identity>;
  streams: readonly StreamReader[];
  /** Requests sent and quirks met so far. */
  observed(): { requests: number; quirks: Quirk[] };
  crossCheck(): Promise<void>;
  close(): Promise<void>;
};
