/**
 * The source port: what a vendor's streams owe to the rest of auditlake, on one page. `declaration.ts` has what a vendor
 * says about itself.
 *
 * A stream keeps these promises. `test/contract/vendor.ts` tries each of them on every vendor's sandbox:
 *
 * - Every record of a window is handed over at least once, as the exact bytes that were served. Duplicates are fine: the
 *   archive knows what it has.
 * - A record has the same key in every reading. Where the vendor gives no id, `Keyer` makes the key.
 * - `page.place` is a promise: every record of the window before it has been handed over. A stream that cannot rely on the
 *   order of its records promises nothing before the end of the window.
 * - A list ends where the vendor says it ends. Neither a short page nor an empty page with a cursor is an end.
 * - Every loop has a limit (`limits.ts`). Reaching it is an error that says so, never an end.
 * - A cut, malformed or refused answer is a `VendorError`. Nothing is skipped silently.
 * - What is asked part by part (a team, a user, a day) ends part by part: a part that is refused or gone is reported as a
 *   `PartEnd`, and the other parts are read. Its records are found again by the part's name: their keys begin with it and
 *   a slash, or are equal to it, or it is a value in the context of their pages.
 * - Only declared requests are sent; the client refuses any other.
 * - Streams of an account are read side by side and do not wait for one another, but for a `SharedList`.
 * - Once the signal fires, no further request is sent.
 */
import type {
  Millis,
  OpenWindow,
  Page,
  PartEnd,
  Period,
  Quirk,
  StreamKind,
  Target,
  Window,
} from '../model.ts';
import type { Read } from './reads.ts';
import type { Unknown } from './unknown.ts';

/** Per target a file of SQL in the vendor's folder. */
export type Maps = Partial<Record<Target, string>>;

/** What is known about a stream without asking the vendor. */
export type StreamInfo = {
  /** Its name in commands, tables and the folders of the archive. */
  name: string;
  kind: StreamKind;
  /** What it brings, in one phrase, for the vendor's page in the docs. */
  brings: string;
  /** The path that it reads, with the variable segments in braces. */
  endpoint: string;
  /** The vendor's version that introduced the endpoint; null if not documented. */
  since: string | null;
  /** The permission that the endpoint takes, as the vendor names it; null if none is documented. */
  needs: string | null;
  /** Whether it must work unless the configuration says otherwise. */
  required: boolean;
  /** Series: the calendar they count by. Default: UTC days. */
  period?: Period;
  /** How long the vendor says that it keeps what the stream brings; left out where it does not say. */
  keeps?: Millis;
  /** A series that the vendor has frozen: it is read once and never again. */
  once: boolean;
  /** Series: how long the vendor restates figures. At least so far back they are read again, whatever is configured. */
  restated?: Millis;
  /** What no document says of its answers. `check` says which possibility was met. */
  unknowns: readonly Unknown[];
  maps: Maps;
};

/** How a stream is read. */
export type Reading = {
  /** `window` is null for snapshots and only for them. */
  read(window: OpenWindow | null): AsyncIterable<Page | PartEnd>;
  /** Logs: how many events the vendor counts in a window, as a hint; null if it does not say. */
  count?(window: Window): Promise<number | null>;
  /** Logs: the time of the oldest event that the vendor still serves; null if there is none or it does not say. */
  oldest?(now: Millis): Promise<Millis | null>;
};

export type StreamReader = StreamInfo & Reading;

/** A stream as its file declares it. A session is what the vendor's streams share while an account is open. */
export type Stream<Session> = Omit<StreamInfo, Defaulted> &
  Partial<Pick<StreamInfo, Defaulted>> & {
    /** Every request that it sends. Default: GET of its endpoint. */
    reads?: readonly Read[];
    /** Whether the options ask for it. Default: always. */
    wanted?(session: Session): boolean;
    /** Sends nothing yet. */
    open(session: Session): Reading;
  };

type Defaulted = 'since' | 'needs' | 'required' | 'once' | 'unknowns';

/** What is known about a declared stream without opening it. */
export function infoOf<Session>(stream: Stream<Session>): StreamInfo {
  const { name, kind, brings, endpoint, period, restated, keeps, maps } = stream;
  const { since = null, needs = null, required = false, once = false, unknowns = [] } = stream;
  const info = { name, kind, brings, endpoint, since, needs, required, once, unknowns, maps };
  return {
    ...info,
    ...(period === undefined ? {} : { period }),
    ...(restated === undefined ? {} : { restated }),
    ...(keeps === undefined ? {} : { keeps }),
  };
}

/** Whose account it is, and the time by the vendor's clock; null if the answer had no date. */
export type Identity = { organizationId: string; vendorNow: Millis | null };

/** A configured account, open for reading. */
export type SourceReader = {
  source: string;
  vendor: string;
  /**
   * Sends the first request of a run, alone.
   *
   * @param known what the home remembers of the account, for vendors that have no single id for one
   */
  identify(known: string | null): Promise<Identity>;
  /** Those that the options ask for. Several may be read at the same time. */
  streams: readonly StreamReader[];
  /** How many requests may be under way at a time. */
  concurrency: number;
  /** Requests sent and quirks met so far. */
  observed(): { requests: number; quirks: Quirk[] };
  /** Compares what should agree, for `check`; what does not is a quirk. */
  crossCheck(): Promise<void>;
  close(): Promise<void>;
};
