import type { Answer, Call } from './answer.ts';
import type { FaultKind, Faults } from './faults.ts';

/** What became of one request, for tests to look at. It never holds a header's value: one of them is the token. */
export type RequestRecord = {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly at: number;
  /** As the request named it: of a file elsewhere it is another than that of the base URL. */
  readonly host: string;
  readonly headers: readonly string[];
  /** 0 while unanswered, and for good if the connection ends without a status line. */
  status: number;
  /** How many list items were in the answer. */
  served: number;
  fault?: FaultKind;
};

/** The request that is about to be answered; `index` is its place among all requests. */
export type Arrival = { path: string; query: Readonly<Record<string, string>>; index: number };

/** A vendor's API as the kit serves it. What a test changes in it while it runs is served at once. */
export type SandboxVendor = {
  /** The one that is accepted. */
  readonly token: string;
  /** Environment variables besides token and base URL that lead a run to it, such as the name of the account. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly quirks: { readonly gzip: boolean };
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  onRequest?: ((arrival: Arrival) => void | Promise<void>) | undefined;
  /** The vendor's clock as its `Date` header shows it, in epoch ms. */
  clock(): number;
  answer(call: Call): Answer;
  /** The vendor's own body for a failure that is not about the request. */
  failure(status: 429 | 500): Answer;
};

/** What every vendor's sandbox can be asked for; each has its own defaults. */
export type SandboxOptions = {
  token?: string;
  /** The same seed, options and clock make the same data. */
  seed?: number;
  /** Audit events of the history. */
  events?: number;
  /** How many days it spans. */
  days?: number;
  /** Where it ends, in epoch ms. Default: `now`. */
  until?: number;
  /** The vendor's clock in epoch ms. */
  now?: () => number;
  /** The history goes on after its end as far as the clock, and has a break-in in its last night. A vendor may do without. */
  demo?: boolean;
};

export type MakeSandbox = (options: SandboxOptions) => SandboxVendor;
