import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import { type CountedPage, type HeldPage, readWhole } from '../../extract/paging/counted-list.ts';
import type { Stream } from '../../extract/port.ts';
import type { Row } from '../../extract/record.ts';
import type { Window } from '../../model.ts';
import { parsePage } from './client.ts';
import { readByDay } from './days.ts';
import type { Session } from './session.ts';

const PATH = '/teams/daily-usage-data';

/** A page counts people and has a row for each of their days. How many it may count is not said. */
const PAGE_SIZES = [1000, 100];

/** Of a thousand people so many days are some ten megabytes, which are held until all of them are there. */
const DAYS = 10;

const FIELDS = { id: ['email', 'userId'], time: ['date', 'day'] };

export const dailyUsage: readonly Stream<Session>[] = [
  {
    name: 'daily-usage',
    kind: 'series',
    brings: 'what each member did per day, idle days too',
    endpoint: PATH,
    needs: 'a team key with `admin:*`',
    reads: [{ method: 'POST', path: PATH }],
    unknowns: [{ what: 'the id of a member', places: ['data.*.userId'] }],
    maps: { figure: 'daily-usage.sql' },
    wanted: ({ options }) => options.levels.includes('team'),
    open(session) {
      const size = { index: 0 };
      return {
        read: byWindow((window) =>
          readByDay(window, DAYS, (range) => readRange(session, range, size)),
        ),
      };
    },
  },
];

async function readRange(
  session: Session,
  range: Window,
  size: { index: number },
): Promise<HeldPage[]> {
  const fetch = (page: number) => fetchPage(session, range, page, PAGE_SIZES[size.index] ?? 1);
  try {
    return (await readWhole({ fetch, countedAs: personOf, subject: PATH })) ?? [];
  } catch (error) {
    const isRejected = error instanceof VendorError && error.fault === 'rejected';
    if (!isRejected || size.index >= PAGE_SIZES.length - 1) throw error;
    size.index += 1;
    const what = `${PATH} takes ${PAGE_SIZES[size.index]} people per page, not ${PAGE_SIZES[size.index - 1]}`;
    session.quirk({ code: 'page-capped', what });
    return await readRange(session, range, size);
  }
}

function personOf({ id, bytes }: Row): string {
  return id ?? bytes.toString('latin1');
}

/** Without a page's number and size only those are served who did something, and it is not said who that was. */
async function fetchPage(
  { read }: Session,
  { from, to }: Window,
  page: number,
  pageSize: number,
): Promise<CountedPage> {
  const body = JSON.stringify({ startDate: from, endDate: to - 1, page, pageSize });
  const { value, note } = await read({ method: 'POST', path: PATH, body }, (bytes) =>
    parsePage(bytes, ['data'], FIELDS),
  );
  // The same address in another case is the same person.
  const rows = value.records.map((row) => ({ ...row, id: row.id?.toLowerCase() ?? null }));
  return { rows, note, total: value.total, more: value.more };
}
