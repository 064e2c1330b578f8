import { VendorError } from '../errors.ts';
import type { Page, PartEnd, Quirk } from '../model.ts';
import { inOrder } from '../platform/in-order.ts';
import { printable } from '../platform/printable.ts';
import { partEndOf } from './part-end.ts';
import { type Refusal, Refusals } from './refusals.ts';

export type FanOut<Item> = {
  /** What is asked, for the quirk. */
  endpoint: string;
  /**
   * Results under way or waiting for their turn: more than requests in flight, so that one slow answer does not leave the
   * rest idle.
   */
  width: number;
  /** The part that an item's answer completes. Default: the item itself. */
  partOf?: (item: Item) => string;
  /** Whom an item asks about, where several items ask about one member. Default: the part. */
  memberOf?: (item: Item) => string;
  /** Whether an earlier run was answered for other members. */
  resumed?: boolean;
  /** For APIs that refuse a deleted member as they refuse a missing permission: whether this member was deleted. */
  isDeleted?: (item: Item) => Promise<boolean>;
  quirk: (quirk: Quirk) => void;
};

/**
 * Asks the same about many: one team, user or day after the other, several at a time; what comes is in the order of
 * `items`. A member that is refused, or that was deleted after it was listed, ends its own part only.
 *
 * @throws VendorError if all are refused, or so many that it must be the endpoint which refuses
 */
export async function* fanOut<Item>(
  items: readonly Item[],
  options: FanOut<Item>,
  read: (item: Item) => Promise<Page[]>,
): AsyncGenerator<Page | PartEnd> {
  const { partOf = String, memberOf = partOf, resumed = false, isDeleted } = options;
  const report = reporter(options);
  const refusals = new Refusals(resumed);
  let isAnswered = false;
  let done = 0;
  const attempt = async (item: Item): Promise<Page[] | Refusal> => {
    try {
      return await read(item);
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const end = partEndOf(partOf(item), error);
      if (end === null) throw error;
      if (end.ended === 'unavailable' && (await isDeleted?.(item)) === true) end.ended = 'gone';
      return { member: memberOf(item), end, error };
    }
  };
  for await (const result of inOrder(items, options.width, attempt)) {
    done += 1;
    if (Array.isArray(result)) {
      yield* report(refusals.take());
      isAnswered = true;
      for (const page of result) yield { ...page, fraction: done / items.length };
    } else if (isAnswered) {
      yield* report([result]);
    } else refusals.add(result);
  }
  yield* report(refusals.takeAtEnd());
}

/** Hands over the ends of parts. That a listed member is not found is a quirk as well, said once. */
function reporter<Item>({ endpoint, quirk }: FanOut<Item>) {
  let isSaid = false;
  return function* report(refusals: readonly Refusal[]): Generator<PartEnd> {
    for (const { end, error } of refusals) {
      if (error.status === 404 && !isSaid) {
        isSaid = true;
        quirk({
          code: 'listed-but-not-found',
          what: `${endpoint} does not find at least one who is listed: ${printable(error.message, 200)}`,
        });
      }
      yield end;
    }
  };
}
