import { VendorError } from '../errors.ts';
import type { Page } from '../model.ts';
import { inOrder } from '../platform/in-order.ts';

/** So many different members that are not found mean that the endpoint is not there: fewer may all be deactivated ones. */
const STRANGERS = 20;

export type FanOut<Item> = {
  /**
   * Results that may be under way or lie ready: more than requests in flight, so that one slow answer does not leave
   * the rest idle.
   */
  width: number;
  /** Whom a question is about, where there are several about one. */
  memberOf?: (item: Item) => string;
  /** Whether an earlier run found others: then the endpoint is there, whatever the rest answers. */
  begun?: boolean;
  /** Told about each who is listed and not found. */
  onGone: (error: VendorError) => void;
};

/**
 * Asks the same of many: one team, user or day after the other, several at a time, pages in the order of `items`.
 * A member may be deleted between being listed and being asked about: where the endpoint answers for others,
 * "not found" means that this one is gone.
 *
 * @throws VendorError `absent` if none was found
 */
export async function* fanOut<Item>(
  items: readonly Item[],
  { width, memberOf = String, begun = false, onGone }: FanOut<Item>,
  read: (item: Item) => Promise<Page[]>,
): AsyncGenerator<Page> {
  let isThere = begun;
  let done = 0;
  const strangers = new Map<string, VendorError>();
  const attempt = async (item: Item): Promise<{ item: Item; pages: Page[] | VendorError }> => {
    try {
      return { item, pages: await read(item) };
    } catch (error) {
      if (error instanceof VendorError && isUnknownMember(error)) return { item, pages: error };
      throw error;
    }
  };
  for await (const { item, pages } of inOrder(items, width, attempt)) {
    done += 1;
    if (pages instanceof VendorError) {
      strangers.set(memberOf(item), pages);
      if (!isThere && strangers.size >= STRANGERS) throw pages;
      continue;
    }
    isThere = true;
    for (const page of pages) yield { ...page, fraction: done / items.length };
  }
  for (const error of strangers.values()) {
    if (!isThere) throw error;
    onGone(error);
  }
}

/** A web page or a service in trouble says nothing of a member: whose things are not listed still has them. */
function isUnknownMember(error: VendorError): boolean {
  return error.fault === 'absent' && error.status === 404;
}
