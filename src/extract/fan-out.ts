import { VendorError } from '../errors.ts';
import type { Page } from '../model.ts';
import { inOrder } from './in-order.ts';

/** So many members in a row that are not found mean that the endpoint is not there: fewer may all be deactivated ones. */
const STRANGERS = 20;

/**
 * Asks the same of many: one team, user or day after the other, several at a time, pages in the order of `items`.
 * A member may be deleted between being listed and being asked about: where the endpoint answers for others,
 * "not found" means that this one is gone.
 *
 * @param width results that may be under way or lie ready: more than requests in flight, so that one slow answer
 *              does not leave the rest idle
 * @param unknown statuses by which the vendor says that it does not know a member
 * @returns how many were gone
 * @throws VendorError `absent` if none was found
 */
export async function* fanOut<Item>(
  items: readonly Item[],
  width: number,
  read: (item: Item) => Promise<Page[]>,
  unknown: readonly number[] = [404],
): AsyncGenerator<Page, { gone: number }> {
  let found = 0;
  let gone = 0;
  let done = 0;
  let stranger: VendorError | null = null;
  const attempt = async (item: Item): Promise<Page[] | VendorError> => {
    try {
      return await read(item);
    } catch (error) {
      if (error instanceof VendorError && isUnknownMember(error, unknown)) return error;
      throw error;
    }
  };
  for await (const answer of inOrder(items, width, attempt)) {
    done += 1;
    if (answer instanceof VendorError) {
      gone += 1;
      stranger = answer;
      if (found === 0 && gone >= STRANGERS) throw answer;
      continue;
    }
    found += 1;
    for (const page of answer) yield { ...page, fraction: done / items.length };
  }
  if (found === 0 && stranger !== null) throw stranger;
  return { gone };
}

/** A web page or a service in trouble says nothing of a member: whose things are not listed still has them. */
function isUnknownMember({ fault, status }: VendorError, unknown: readonly number[]): boolean {
  return (fault === 'absent' || fault === 'forbidden') && unknown.includes(status ?? 0);
}
