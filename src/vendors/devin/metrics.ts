import type { Page, Period, Quirk, SourceRecord, StreamReader, Window } from '../../model.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { gone } from '../../extract/gone.ts';
import { DAY, MONDAY_WEEKS, MONTHS, UTC_DAYS } from '../../extract/periods.ts';
import { cappedAt, inPieces, type Longest } from '../../extract/ranges.ts';
import { ENTERPRISE, readObject, seconds } from './pages.ts';
import { parsePeriods, periodsOf } from './period-list.ts';

const BASE = `${ENTERPRISE}/metrics`;
const NEEDS = 'ViewAccountMetrics';

/** Answered as one list of periods, each with its bounds. */
const LISTS: readonly [name: string, granularity: string, period: Period][] = [
  ['dau', 'daily', UTC_DAYS],
  ['wau', 'weekly', MONDAY_WEEKS],
  ['mau', 'monthly', MONTHS],
];

/** Answered as one total for the range that is asked for: asked day by day. */
const TOTALS = ['active-users', 'sessions', 'prs', 'searches', 'usage'];

/** Figures of the enterprise, by UTC days, weeks from Monday and months. */
export function metrics(
  client: SourceClient,
  width: number,
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  const list = ([name, granularity, period]: (typeof LISTS)[number]): StreamReader => {
    const longest: Longest = { ms: Number.POSITIVE_INFINITY };
    const path = `${BASE}/${name}`;
    const capped = cappedAt(path, quirk);
    const ask = (piece: Window) => client.get(path, rangeOf(piece), parseActives);
    return series(name, period, async function* (window) {
      if (window === null) throw new Error('metrics are read by window');
      const part = 'all';
      let last: Page | null = null;
      for await (const { piece, answer } of inPieces(window, longest, ask, capped, period)) {
        if (last !== null) yield last;
        const records = periodsOf(part, answer.value.records, piece);
        last = { note: { ...answer.note, context: about(granularity) }, records, place: null };
      }
      if (last !== null) yield { ...last, part };
    });
  };

  const total = (name: string): StreamReader =>
    series(name, UTC_DAYS, async function* (window) {
      if (window === null) throw new Error('metrics are read by window');
      const days: number[] = [];
      for (let day = window.from; day < window.to; day += DAY) days.push(day);
      const rest = days.filter((day) => window.part === null || dateOf(day) > window.part);
      const how = {
        width,
        begun: rest.length < days.length,
        onGone: gone(`${BASE}/${name}`, quirk),
      };
      yield* fanOut(rest, how, async (day): Promise<Page[]> => {
        const range = { from: day, to: day + DAY };
        const part = dateOf(day);
        const page = await readObject(client, `${BASE}/${name}`, rangeOf(range), `${part}/all`);
        const bounds = { from: new Date(day).toISOString(), to: new Date(day + DAY).toISOString() };
        const context = { ...about('daily'), ...bounds };
        const records = page.records.map((record) => ({ ...record, time: day }));
        return [{ ...page, records, note: { ...page.note, context }, part }];
      });
    });

  return [...LISTS.map(list), ...TOTALS.map(total)];
}

/** The API has no name for the whole. */
function about(granularity: string): Record<string, string> {
  return { scope: 'enterprise', scope_id: 'enterprise', granularity };
}

function series(name: string, period: Period, read: StreamReader['read']): StreamReader {
  return {
    stream: `metrics-${name}`,
    kind: 'series',
    endpoint: `${BASE}/${name}`,
    since: null,
    needs: NEEDS,
    period,
    required: false,
    read,
  };
}

function rangeOf({ from, to }: { from: number; to: number }): Query {
  return { time_after: seconds(from), time_before: seconds(to) };
}

function dateOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}

function parseActives(body: Buffer): { records: SourceRecord[] } {
  return parsePeriods(body, 'items', 'start_time');
}
