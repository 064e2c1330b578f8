import { byWindow } from '../../extract/by-window.ts';
import { type CountedPage, readWhole } from '../../extract/paging/counted-list.ts';
import { UTC_DAYS } from '../../extract/periods.ts';
import type { Stream } from '../../extract/port.ts';
import type { OpenWindow, Page } from '../../model.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { parsePage } from './client.ts';
import type { Session } from './session.ts';

const REVIEWS = '/analytics/team/bugbot-reviews';

/** The documented maximum; the default is 100. */
const PAGE_SIZE = '250';

/** When a review was made has no documented name. */
const TIMES = ['reviewed_at', 'timestamp', 'created_at', 'event_date', 'date'];

export const bugbot: Stream<Session> = {
  name: 'bugbot-reviews',
  kind: 'series',
  brings: 'every review by Bugbot, and what it cost',
  endpoint: REVIEWS,
  needs: 'a team key with `read:*`, and an Enterprise plan',
  unknowns: [
    { what: 'when a review was made', places: TIMES.map((name) => `data.*.${name}`) },
    { what: 'which repository it is of', places: ['data.*.repo', 'data.*.repository'] },
    { what: 'whether it is billed', places: ['data.*.billed'] },
  ],
  maps: { figure: 'bugbot.sql' },
  wanted: ({ options }) => options.levels.includes('team'),
  open: (session) => ({ read: byWindow((window) => readDays(session, window)) }),
};

/** A day at a time: a review is kept with the day that it was served for, whatever its time is called. */
async function* readDays({ read }: Session, { from, to, part }: OpenWindow): AsyncGenerator<Page> {
  for (let start = UTC_DAYS.floor(from); start < to; start += DAY) {
    const day = isoDay(start);
    if (part !== null && day <= part) continue;
    const fetch = async (page: number): Promise<CountedPage> => {
      const query = { startDate: day, endDate: day, page: String(page), pageSize: PAGE_SIZE };
      const { value, note } = await read({ path: REVIEWS, query }, (body) =>
        parsePage(body, ['data'], { id: ['request_id'], time: TIMES }),
      );
      return { rows: value.records, note, total: value.total, more: value.more };
    };
    const pages = (await readWhole({ fetch, subject: REVIEWS })) ?? [];
    for (const [i, { note, records }] of pages.entries()) {
      const keyed = records.map((record) => ({ ...record, key: `${day}/${record.key}` }));
      const fraction = (start + DAY - from) / (to - from);
      const page = { note: { ...note, context: { day } }, records: keyed, place: null, fraction };
      yield i === pages.length - 1 ? { ...page, part: day } : page;
    }
  }
}
