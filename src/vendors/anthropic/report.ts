import { isoSecond } from '../../platform/time.ts';
import { VendorError } from '../../errors.ts';
import type { Query } from '../../extract/client.ts';
import { bucketPages } from '../../extract/paging/bucket-pages.ts';
import type { CursorPage } from '../../extract/paging/cursor.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import type { Millis, Page, Window } from '../../model.ts';
import { BY_TOKEN, fetchPage } from './client.ts';
import type { Session } from './session.ts';
import { type Variant, Variants } from './variants.ts';

/** A report of days, each with a result for every combination of what it is grouped by. */
export type Report = {
  path: string;
  /** What every key begins with. */
  part: string;
  /** What it is grouped by; each later one with fewer, for a vendor that does not know them all. */
  groups: readonly (readonly string[])[];
  /** How many days are on a page: one with many results is megabytes large. */
  days: number;
  /** How long a range may be that is asked for at once. */
  longest?: Millis;
};

const NAMES = { id: [], time: ['starting_at'] };

export function readReport(session: Session, report: Report, window: Window): AsyncGenerator<Page> {
  const { client, now, quirk } = session;
  const { path, part, longest } = report;
  const variants = new Variants(variantsOf(report), quirk);
  const fetch = (range: Window, after: string | null): Promise<CursorPage> =>
    variants.ask(async (more) => {
      const query = { ...rangeOf(range, now()), bucket_width: '1d', ...more };
      const page = await fetchPage(client, { path, query, paging: BY_TOKEN, names: NAMES }, after);
      expectCounted(path, page.envelope);
      return page;
    });
  return bucketPages(window, {
    fetch,
    part,
    subject: path,
    context: { granularity: 'daily', part },
    ...(longest === undefined ? {} : { longest }),
  });
}

/** Before anything was counted every day is empty, which is not the same as a day without usage. */
function expectCounted(path: string, envelope: Record<string, unknown>): void {
  if (envelope['data_refreshed_at'] !== null) return;
  throw new VendorError({
    fault: 'absent',
    code: 'not-counted-yet',
    url: path,
    status: 200,
    what: 'the vendor has not counted anything yet (data_refreshed_at is null)',
    hint: 'nothing is stored for it; every run asks again',
  });
}

/**
 * A day counts if it ends before the end that is asked for: whether one that ends with it does is not documented, so that a
 * second more is asked for. Without an end the day is there that is not over yet.
 */
function rangeOf({ from, to }: Window, now: Millis): Query {
  const end = to > now ? {} : { ending_at: isoSecond(to + SECOND) };
  return { starting_at: isoSecond(from), ...end };
}

function variantsOf({ path, groups, days }: Report): Variant[] {
  const grouped = groups.map((names, i) => ({
    query: { 'group_by[]': names, limit: String(days) },
    quirk:
      i === 0
        ? null
        : { code: 'groups-refused', what: `${path} is grouped by ${names.join(', ')} only` },
  }));
  const last = groups.at(-1) ?? [];
  const unlimited = {
    query: { 'group_by[]': last },
    quirk: { code: 'limit-refused', what: `${path} takes no number of days per page` },
  };
  return [...grouped, unlimited];
}
