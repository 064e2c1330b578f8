import { describe, expect, test } from 'vitest';
import type { CursorPage } from '../../src/extract/paging/cursor.ts';
import {
  type NewestFirstLog,
  oldestOf,
  readNewestFirst,
} from '../../src/extract/paging/newest-first.ts';
import { type Direction, fitOf } from '../../src/extract/paging/two-way-cursor.ts';
import type { Row } from '../../src/extract/record.ts';
import { TimeFilter } from '../../src/extract/time-filter.ts';
import type { Page, Window } from '../../src/model.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const NOW = Date.UTC(2026, 5, 15, 12);
const note = { request: '/log', status: 200, at: NOW, bytes: 0, sha256: '', records: 0 };

const row = (id: string, time: number | null): Row => ({ bytes: Buffer.from(id), id, time });

type Whims = {
  size?: number;
  /** The parameter that leads to older records. */
  older?: Direction;
  /** Ends with an empty page after one that promises more. */
  emptyEnd?: boolean;
  ignoresTime?: boolean;
};

/** A log of a vendor, which notes what it was asked. */
class Log {
  rows: Row[] = [];
  asked: { window: Window; by: Direction | null }[] = [];
  quirks: string[] = [];
  readonly #whims: Required<Whims>;

  constructor(whims: Whims = {}) {
    this.#whims = { size: 3, older: 'after', emptyEnd: false, ignoresTime: false, ...whims };
  }

  /** @param times in seconds before now */
  fill(...times: number[]): string[] {
    this.rows.push(...times.map((at, n) => row(`e-${n}`, NOW - at * SECOND)));
    return this.rows.map(({ id }) => id ?? '').toSorted();
  }

  get port(): NewestFirstLog {
    return {
      fetch: async (window, at) => this.#answer(window, at),
      timeFilter: new TimeFilter(async (window) => this.#answer(window, null).rows),
      quirk: ({ code }) => void this.quirks.push(code),
      subject: '/log',
    };
  }

  #answer(window: Window, at: { by: Direction; cursor: string } | null): CursorPage {
    this.asked.push({ window, by: at?.by ?? null });
    const { size, older, emptyEnd, ignoresTime } = this.#whims;
    const inside = this.rows
      .filter(({ time }) => ignoresTime || (time ?? 0) >= window.from)
      .filter(({ time }) => ignoresTime || (time ?? 0) < window.to)
      .toSorted((a, b) => (b.time ?? 0) - (a.time ?? 0));
    const place = inside.findIndex(({ id }) => id === at?.cursor);
    const isBack = at !== null && at.by !== older;
    const rest = isBack ? inside.slice(0, Math.max(0, place)) : inside.slice(place + 1);
    const rows = rest.slice(0, size);
    const more = rest.length > rows.length || (emptyEnd && rows.length > 0);
    return { rows, note, cursor: rows.at(-1)?.id ?? null, more };
  }

  async read(from = NOW - DAY): Promise<Page[]> {
    const pages: Page[] = [];
    const window = { from, to: NOW, place: from, part: null };
    for await (const page of readNewestFirst(this.port, window)) pages.push(page);
    return pages;
  }
}

const keysOf = (pages: Page[]): string[] =>
  [...new Set(pages.flatMap(({ records }) => records.map(({ key }) => key)))].toSorted();

describe('a page that should go on where the one before ended', () => {
  const former = { seen: new Set(['a', 'b']), first: row('a', 20), last: row('b', 10) };
  const tied = { ...former, first: row('a', 10) };
  test.each([
    ['older ones', former, [row('c', 9)], false, 'on'],
    ['more of the same second', former, [row('c', 10)], false, 'on'],
    ['newer ones', former, [row('c', 30)], false, 'back'],
    ['the same ones', former, [row('a', 20), row('b', 10)], true, 'nothing'],
    ['none, and no more', former, [], false, 'end'],
    ['none, and more', former, [], true, 'on'],
    // All of it has one time: neither way is against its order.
    ['newer ones than a tie', tied, [row('c', 30)], false, 'on'],
    ['one without a time', former, [row('c', null)], false, 'on'],
  ] as const)('brings %s', (_what, before, rows, more, fit) => {
    expect(fitOf(before, { rows: [...rows], note, cursor: null, more })).toBe(fit);
  });
});

describe('a log that serves the newest first', () => {
  test.each<[string, Whims, string[]]>([
    ['goes on with `after`', {}, []],
    ['goes on with `before`', { older: 'before' }, ['cursor-direction']],
    ['ends with an empty page', { emptyEnd: true }, []],
    ['does both', { older: 'before', emptyEnd: true }, ['cursor-direction']],
    ['ignores the time', { ignoresTime: true }, []],
  ])('and %s is read whole', async (_what, whims, quirks) => {
    const log = new Log(whims);
    const ids = log.fill(5, 5, 5, 5, 5, 60, 60, 61, 100, 3_600);
    expect(keysOf(await log.read())).toEqual(ids);
    expect(log.quirks).toEqual(quirks);
  });

  test('promises nothing before the end of a slice', async () => {
    const log = new Log();
    log.fill(1, 2, 3, 4, 5);
    expect((await log.read()).map(({ place }) => place)).toEqual([null, NOW]);
  });

  test('looks both ways once, not with every page', async () => {
    const log = new Log({ older: 'before' });
    log.fill(...Array.from({ length: 30 }, (_, n) => n));
    await log.read();
    expect(log.asked.filter(({ by }) => by === 'after')).toHaveLength(1);
  });

  test('is read in slices that grow where there is nothing and shrink where there is much', async () => {
    const log = new Log();
    const ids = log.fill(...Array.from({ length: 300 }, (_, n) => 1 + n * 7_200));
    const pages = await log.read(0);
    expect(keysOf(pages)).toEqual(ids);
    expect(pages.at(-1)?.place).toBe(NOW);
    const places = pages.flatMap(({ place }) => place ?? []);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    // All of 1970 to 2026 but for the last days is next to nothing.
    expect(log.asked.length).toBeLessThan(300);
  });

  test('which ignores the time is read once, though the window is long', async () => {
    const log = new Log({ ignoresTime: true });
    const ids = log.fill(...Array.from({ length: 200 }, (_, n) => n));
    expect(keysOf(await log.read(0))).toEqual(ids);
    expect(log.quirks).toEqual(['time-filter-ignored']);
    expect(log.asked.length).toBeLessThan(80);
  });

  test('is a failure if neither way leads on', async () => {
    const log = new Log();
    log.fill(1, 2, 3, 4, 5);
    const { port } = log;
    const stuck = { ...port, fetch: (window: Window) => port.fetch(window, null) };
    const reading = async (): Promise<void> => {
      const window = { from: NOW - DAY, to: NOW, place: NOW - DAY, part: null };
      for await (const _ of readNewestFirst(stuck, window));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'cursor-repeats' });
  });
});

describe('the oldest event of it', () => {
  test.each([
    ['of few', [60, 3_600], 1],
    ['of many days', Array.from({ length: 900 }, (_, n) => n * 86_400), 20],
    ['of none', [], 2],
  ])('%s is found in a few requests', async (_what, times, most) => {
    const log = new Log();
    log.fill(...times);
    const oldest = await oldestOf(log.port, NOW);
    const truth = times.length === 0 ? null : NOW - (times.at(-1) ?? 0) * SECOND;
    if (truth === null) expect(oldest).toBeNull();
    else expect(Math.abs((oldest ?? 0) - truth)).toBeLessThanOrEqual(DAY);
    expect(log.asked.length).toBeLessThanOrEqual(most + 1);
  });
});
