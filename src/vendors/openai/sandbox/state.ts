import type { Directory } from './directory.ts';
import type { EventLog } from './event-log.ts';
import type { Quirks } from './quirks.ts';
import type { UsageBook } from './usage-book.ts';

/** What the endpoints answer from. */
export type OpenaiState = {
  readonly directory: Directory;
  readonly events: EventLog;
  readonly tenantEvents: EventLog;
  readonly usage: UsageBook;
  readonly quirks: Quirks;
  /** In seconds. */
  seconds(): number;
};

/** A request as an endpoint sees it. */
export type Inquiry = {
  readonly state: OpenaiState;
  readonly params: URLSearchParams;
  /** The segments that stand for `{id}` and `{other}`. */
  readonly id: string;
  readonly other: string;
};
