import type { Account } from './account.ts';
import type { Feed } from './feed.ts';
import type { Quirks } from './quirks.ts';
import type { UsageBook } from './usage-book.ts';

/** What endpoints look at. */
export type AnthropicState = Account & {
  readonly feed: Feed;
  readonly usage: UsageBook;
  readonly quirks: Quirks;
  clock(): number;
};

/** One request, as an endpoint sees it. `id` is the segment of the path that varies. */
export type Inquiry = {
  readonly state: AnthropicState;
  readonly params: URLSearchParams;
  readonly path: string;
  readonly id: string;
};
