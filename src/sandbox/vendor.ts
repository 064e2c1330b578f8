import type { Answer, Call } from './answer.ts';
import type { FaultKind, Faults } from './faults.ts';

/** What became of one request, for tests to look at. It never holds a header's value: one of them is the token. */
export type RequestRecord = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly at: number;
  readonly headers: readonly string[];
  /** 0 while unanswered, and for good if the connection ends without a status line. */
  status: number;
  /** How many list items were in the answer. */
  served: number;
  fault?: FaultKind;
};

/** The request that is about to be answered; `index` is its place among all requests. */
export type Arrival = { path: string; query: Readonly<Record<string, string>>; index: number };

/** What the sandbox's HTTP side needs of a vendor. */
export type Vendor = {
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
