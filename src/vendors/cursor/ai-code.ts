import { byWindow } from '../../extract/by-window.ts';
import { type CountedPage, type HeldPage, readWhole } from '../../extract/paging/counted-list.ts';
import { UTC_DAYS } from '../../extract/periods.ts';
import type { Stream } from '../../extract/port.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { parseObject } from '../../extract/slice/object.ts';
import { MalformedBody } from '../../extract/slice/malformed-body.ts';
import type { OpenWindow, Page, Window } from '../../model.ts';
import { instantOf } from '../../platform/instant.ts';
import { keyOfId } from '../../platform/key.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { parsePage } from './client.ts';
import { CODE_TEXTS } from './hidden.ts';
import type { Session } from './session.ts';

const PAGE_SIZE = '1000';

/** What a row is known by, and the times that it has. */
type Family = { path: string; key: readonly string[] };

/** A hash is not enough: the same commit may be taken in again from another machine, or after it was amended. */
const COMMITS: Family = {
  path: '/analytics/ai-code/commits',
  key: ['commitHash', 'userId', 'createdAt'],
};
const CHANGES: Family = { path: '/analytics/ai-code/changes', key: ['changeId'] };

export const aiCode: readonly Stream<Session>[] = [
  stream('ai-code-commits', 'lines of each commit, by where they came from', COMMITS),
  stream('ai-code-changes', 'lines of each change that was accepted', CHANGES),
];

function stream(name: string, brings: string, family: Family): Stream<Session> {
  return {
    name,
    kind: 'series',
    brings,
    endpoint: family.path,
    needs: 'a team key with `admin:*`, and an Enterprise plan',
    maps: { figure: 'ai-code.sql' },
    wanted: ({ options }) => options.levels.includes('team'),
    open: (session) => ({ read: byWindow((window) => readDays(session, family, window)) }),
  };
}

/**
 * Whether a day is that of the commit or that on which it was taken in is not said: a row is kept with the day that it was
 * served for, which is the same one in every reading.
 */
async function* readDays(
  session: Session,
  family: Family,
  { from, to, part }: OpenWindow,
): AsyncGenerator<Page> {
  for (let start = UTC_DAYS.floor(from); start < to; start += DAY) {
    const day = isoDay(start);
    if (part !== null && day <= part) continue;
    const pages = await readDay(session, family, { from: start, to: start + DAY });
    for (const [i, { note, records }] of pages.entries()) {
      const keyed = records.map((record) => ({ ...record, key: `${day}/${record.key}` }));
      const page = {
        note,
        records: keyed,
        place: null,
        fraction: (start + DAY - from) / (to - from),
      };
      yield i === pages.length - 1 ? { ...page, part: day } : page;
    }
  }
}

async function readDay(
  session: Session,
  { path, key }: Family,
  { from, to }: Window,
): Promise<HeldPage[]> {
  const { read, quirk } = session;
  const dates = {
    startDate: new Date(from).toISOString(),
    endDate: new Date(to - 1).toISOString(),
  };
  const fetch = async (page: number): Promise<CountedPage> => {
    const query = { ...dates, page: String(page), pageSize: PAGE_SIZE };
    const { value, note } = await read({ path, query, redaction: CODE_TEXTS }, (body) =>
      parsePage(body, ['items'], { id: [], time: ['createdAt'] }),
    );
    const rows = value.records.map((row) => named(row, key));
    if (rows.some(({ bytes, time }) => isOfCommit(bytes, time, { from, to }))) {
      quirk({
        code: 'by-commit-time',
        what: `${path} goes by the time of a commit, not by when it was taken in`,
      });
    }
    return { rows, note, total: value.total, more: value.more };
  };
  return (await readWhole({ fetch, subject: path })) ?? [];
}

/** Without one of its fields a row is known by its content. */
function named(row: Row, key: readonly string[]): Row {
  const parts = key.map((name) => readRow(row.bytes, { id: [name], time: [] }).id);
  return parts.includes(null) ? row : { ...row, id: keyOfId(parts.join('/')) };
}

/** Whether a row was served for the day of its commit, and was taken in on another one. */
function isOfCommit(bytes: Buffer, time: Row['time'], { from, to }: Window): boolean {
  const isIn = (at: number | null): boolean => at !== null && at >= from && at < to;
  return time !== null && !isIn(time) && isIn(commitTime(bytes));
}

function commitTime(bytes: Buffer): number | null {
  try {
    return instantOf(parseObject(bytes)['commitTs']);
  } catch (error) {
    if (error instanceof MalformedBody) return null;
    throw error;
  }
}
