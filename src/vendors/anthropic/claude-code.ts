import { byWindow } from '../../extract/by-window.ts';
import { completePart } from '../../extract/complete-part.ts';
import { fanOutDays } from '../../extract/fan-out-days.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import type { Stream } from '../../extract/port.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { OpenWindow, Page, PartEnd, Quirk, SourceRecord } from '../../model.ts';
import { keyOfId } from '../../platform/key.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { BY_TOKEN, fetchPage, ORGANIZATION, PAGE_SIZE } from './client.ts';
import { KEY, type Session } from './session.ts';

const PATH = `${ORGANIZATION}/usage_report/claude_code`;

/** Claude Code by person and day. A call is about one day, and one that still grows has no stable pages: days are read whole. */
export const claudeCode: Stream<Session> = {
  name: 'claude-code',
  kind: 'series',
  brings: 'what each person did with Claude Code per day, and what it is estimated to cost',
  endpoint: PATH,
  needs: KEY.admin,
  restated: 7 * DAY,
  maps: { figure: 'claude-code.sql' },
  open: (session) => ({ read: byWindow((window) => readDays(session, window)) }),
};

function readDays(session: Session, window: OpenWindow): AsyncGenerator<Page | PartEnd> {
  const { width, quirk } = session;
  return fanOutDays(window, { endpoint: PATH, width, quirk }, (day) => readDay(session, day));
}

async function readDay({ client, owners, quirk }: Session, day: number): Promise<Page[]> {
  const part = isoDay(day);
  const query = { starting_at: part, limit: String(PAGE_SIZE) };
  const fetch = (after: string | null): Promise<CursorPage> =>
    fetchPage(client, { path: PATH, query, paging: BY_TOKEN, names: NAMES }, after);
  const keyer = new DayKeyer(part, quirk);
  const pages: Page[] = [];
  for await (const { rows, note } of cursorPages(fetch, PATH)) {
    // At least one: an empty answer is an answer too.
    for (let at = 0; at === 0 || at < rows.length; at += ROWS) {
      const some = rows.slice(at, at + ROWS);
      const actors = some.map(({ bytes }) => actorOf(parseObject(bytes, 'a row')));
      const ids = await owners.idsOf(actors.map(({ name }) => name));
      const context = { granularity: 'daily', day: part, owners: JSON.stringify(ids) };
      const records = some.map((row) => keyer.key(row, day));
      pages.push({ note: { ...note, context }, records, place: null });
    }
  }
  return completePart(pages, part);
}

const NAMES = { id: [], time: ['date'] };

/** Rows that share a note: with each row the whole note is loaded, and it names everybody on its page. */
const ROWS = 40;

/** What a row is split by, besides who it is about. */
const SPLITS = [
  'customer_type',
  'subscription_type',
  'terminal_type',
  'is_remote',
  'organization_id',
];

/** Rows have no id: somebody has one for each kind of customer and terminal. */
class DayKeyer {
  readonly #part: string;
  readonly #quirk: (quirk: Quirk) => void;
  readonly #seen = new Map<string, number>();

  constructor(part: string, quirk: (quirk: Quirk) => void) {
    this.#part = part;
    this.#quirk = quirk;
  }

  key({ bytes, time }: Row, day: number): SourceRecord {
    const row = parseObject(bytes, 'a row');
    const { type, name } = actorOf(row);
    const splits = SPLITS.map((split) => row[split] ?? null);
    const place = keyOfId(JSON.stringify([type, name, ...splits]));
    const ordinal = this.#seen.get(place) ?? 0;
    this.#seen.set(place, ordinal + 1);
    if (ordinal > 0) {
      this.#quirk({
        code: 'rows-alike',
        what: `${PATH} has several rows for one actor, terminal and kind of customer: they are told apart by their order`,
      });
    }
    const key = `${this.#part}/${place}${ordinal === 0 ? '' : `#${ordinal}`}`;
    return { bytes, key, time: time ?? day };
  }
}

function actorOf(row: Record<string, unknown>): { type: string; name: string } {
  const text = Buffer.from(JSON.stringify(row['actor'] ?? {}));
  const read = (...names: string[]): string => readRow(text, { id: names, time: [] }).id ?? '';
  return { type: read('type'), name: read('email_address', 'api_key_name', 'api_key_id') };
}
