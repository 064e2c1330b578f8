import { byWindow } from '../../extract/by-window.ts';
import type { Stream } from '../../extract/port.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { readRow } from '../../extract/record.ts';
import type { Millis, OpenWindow, Page } from '../../model.ts';
import { keyOfContent } from '../../platform/key.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { ORGANIZATION } from './client.ts';
import { activityOfPeople, costsOfPeople } from './people.ts';
import { readReport } from './report.ts';
import { KEPT, lastCounted, servedRange } from './served.ts';
import { KEY, type Session } from './session.ts';

const BASE = `${ORGANIZATION}/analytics`;

/** The day of a summary has no documented form. */
const DAYS = ['date', 'starting_date', 'starting_at'];

/** Cost and usage are restated for so long. */
const RESTATED: Millis = 31 * DAY;

/** Of Claude Enterprise alone. */
export const analytics: readonly Stream<Session>[] = [
  report('enterprise-usage', 'usage_report', 'usage per day by product and model'),
  report('enterprise-costs', 'cost_report', 'costs per day by product and model'),
  costsOfPeople(BASE, RESTATED),
  activityOfPeople(BASE),
  {
    name: 'enterprise-summaries',
    kind: 'series',
    brings: 'active people and seats per day',
    endpoint: `${BASE}/summaries`,
    needs: KEY.analytics,
    keeps: KEPT,
    unknowns: [{ what: 'the day of a summary', places: DAYS.map((name) => `summaries.*.${name}`) }],
    maps: { figure: 'analytics.sql' },
    wanted: ({ options }) => options.enterprise,
    open: (session) => ({ read: byWindow((window) => readSummaries(session, window)) }),
  },
];

/**
 * A day has at most a hundred groups, and no word on the rest: the days are asked for once more without groups, so that
 * the total is right.
 */
function report(name: string, endpoint: string, brings: string): Stream<Session> {
  const path = `${BASE}/${endpoint}`;
  // The second that is asked for on top must not make a range longer than the 31 days that are allowed.
  const common = { path, days: 31, longest: 30 * DAY };
  return {
    name,
    kind: 'series',
    brings,
    endpoint: path,
    needs: KEY.analytics,
    restated: RESTATED,
    keeps: KEPT,
    maps: { figure: 'enterprise.sql' },
    wanted: ({ options }) => options.enterprise,
    open: (session) => ({
      read: byWindow(async function* read(window) {
        const range = servedRange(window, session.now());
        yield* readReport(
          session,
          { ...common, part: 'groups', groups: [['product', 'model']] },
          range,
        );
        yield* readReport(session, { ...common, part: 'total', groups: [[]] }, range);
      }),
    }),
  };
}

async function* readSummaries(session: Session, window: OpenWindow): AsyncGenerator<Page> {
  const { client, now } = session;
  const path = `${BASE}/summaries`;
  // A day is counted the next morning; one that is not yet is refused.
  const { from } = servedRange(window, now());
  const to = Math.min(window.to, lastCounted(now()) + DAY);
  if (from >= to) return;
  const query = { starting_date: isoDay(from), ending_date: isoDay(to - DAY) };
  const { value, note } = await client.get(path, query, (body) => ({
    records: sliceList(body, ['summaries']).records.map((bytes) => {
      const { time } = readRow(bytes, { id: [], time: DAYS });
      const name = time === null ? keyOfContent(bytes, 0) : isoDay(time);
      return { bytes, key: `all/${name}`, time };
    }),
  }));
  const context = { granularity: 'daily', scope: 'organization' };
  yield { note: { ...note, context }, records: value.records, place: null, part: 'all' };
}
