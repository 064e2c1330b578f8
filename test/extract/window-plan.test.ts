import { describe, expect, test } from 'vitest';
import { planWindows, watermarkAfter } from '../../src/extract/windows.ts';
import { EMPTY_CURSOR } from '../../src/model.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 5, 1, 12);
const beginning = 0;

const plan = (change: Partial<Parameters<typeof planWindows>[0]> = {}) =>
  planWindows({
    kind: 'log',
    once: false,
    cursor: EMPTY_CURSOR,
    newest: Number.POSITIVE_INFINITY,
    hasPruned: false,
    start: null,
    lookback: change.kind === 'series' ? 7 * DAY : DAY,
    settle: 60 * SECOND,
    ourNow: now,
    vendorNow: now,
    ...change,
  });

const fresh = (from: number, to: number) => ({ from, to, place: from, part: null });
const after = (watermark: number) => ({ ...EMPTY_CURSOR, watermark });
const end = now - 60 * SECOND;

describe('the first run', () => {
  test('begins before there was anything', () => {
    expect(plan()).toEqual({ windows: [fresh(beginning, end)], clock: null, mayEndEarly: false });
  });
  test('begins at the start that was set, on a whole second', () => {
    expect(plan({ start: now - 7 * DAY + 1 }).windows).toEqual([fresh(now - 7 * DAY, end)]);
  });
  test('has nothing to read before a start in the future', () => {
    expect(plan({ start: now + DAY })).toEqual({ windows: [], clock: null, mayEndEarly: false });
  });
  test('asks for whole seconds only', () => {
    expect(plan({ ourNow: now + 999, vendorNow: now + 1 }).windows).toEqual([
      fresh(beginning, end),
    ]);
  });
});

describe('a later run', () => {
  const watermark = now - HOUR;
  test('begins the lookback before the watermark', () => {
    expect(plan({ cursor: after(watermark) }).windows).toEqual([fresh(watermark - DAY, end)]);
  });
  test('never begins before the start that was set', () => {
    const start = now - 2 * HOUR;
    expect(plan({ cursor: after(watermark), start }).windows).toEqual([fresh(start, end)]);
  });
  test('without a lookback has nothing to read right after the last', () => {
    expect(plan({ cursor: after(end), lookback: 0 })).toEqual({
      windows: [],
      clock: null,
      mayEndEarly: false,
    });
  });
});

describe('clocks', () => {
  test.each([
    ['the vendor behind: its now counts', { vendorNow: now - HOUR }, end - HOUR],
    ['the vendor ahead: ours counts', { vendorNow: now + HOUR }, end],
    ['no word from the vendor: ours counts', { vendorNow: null }, end],
  ])('%s', (_what, change, to) => {
    expect(plan(change)).toEqual({
      windows: [fresh(beginning, to)],
      clock: null,
      mayEndEarly: false,
    });
  });

  test.each([
    ['behind', -(HOUR + 1), false],
    ['ahead', HOUR + 1, false],
    ['far behind', -56 * 365 * DAY, false],
    ['far ahead', 2 * DAY, true],
  ])('the vendor %s by too much: ours counts, and it is said', (_what, by, early) => {
    const { windows, clock, mayEndEarly } = plan({ vendorNow: now + by });
    expect(windows).toEqual([fresh(beginning, end)]);
    expect(clock).toContain(new Date(now + by).toISOString());
    expect(mayEndEarly).toBe(early);
  });

  test('after a run whose clock was ahead, what it could not read is read', () => {
    const cursor = after(now - HOUR);
    const newest = now - 5 * DAY;
    expect(plan({ cursor, newest }).windows).toEqual([fresh(newest - DAY, end)]);
    expect(plan({ cursor, newest: 0 }).windows).toEqual([fresh(beginning, end)]);
  });

  test('what was pruned is not read again for it', () => {
    const [cursor, newest] = [after(now - HOUR), now - 5 * DAY];
    expect(plan({ cursor, newest, hasPruned: true }).windows).toEqual([
      fresh(newest + SECOND, end),
    ]);
  });

  test('a watermark between the end and now is no reason to complain', () => {
    const { windows, clock } = plan({ cursor: after(now) });
    expect(windows).toEqual([fresh(now - DAY, end)]);
    expect(clock).toBeNull();
  });

  test('a watermark in the future is said, and the time before now is read', () => {
    const { windows, clock } = plan({ cursor: after(now + 30 * DAY) });
    expect(windows).toEqual([fresh(end - DAY, end)]);
    expect(clock).toContain(new Date(now + 30 * DAY).toISOString());
  });
});

describe('a window that was left open', () => {
  const window = { from: now - 9 * DAY, to: now - 2 * DAY, place: now - 5 * DAY, part: null };
  const cursor = { ...EMPTY_CURSOR, watermark: now - 8 * DAY, window };

  test('comes first, as it was, and what follows overlaps its end', () => {
    expect(plan({ cursor }).windows).toEqual([window, fresh(window.to - DAY, end)]);
  });
  test('is finished even when there is nothing after it', () => {
    expect(plan({ cursor, ourNow: window.to - 3 * DAY, lookback: 0 }).windows).toEqual([window]);
  });
});

const series = (change: Parameters<typeof plan>[0] = {}) => plan({ kind: 'series', ...change });

describe('a series', () => {
  const today = Date.UTC(2026, 5, 1);

  test('begins ninety whole days back and ends with today', () => {
    const to = today + DAY;
    expect(series()).toEqual({
      windows: [fresh(to - 90 * DAY, to)],
      clock: null,
      mayEndEarly: false,
    });
  });
  test('begins with the day of the start that was set', () => {
    expect(series({ start: today - 10 * DAY + HOUR }).windows).toEqual([
      fresh(today - 10 * DAY, today + DAY),
    ]);
  });
  test('leaves today provisional', () => {
    expect(watermarkAfter({ kind: 'series' }, { to: today + DAY })).toBe(today);
    expect(watermarkAfter({ kind: 'log' }, { to: end })).toBe(end);
  });
  test('reads the last seven days and today again', () => {
    expect(series({ cursor: after(today) }).windows).toEqual([fresh(today - 7 * DAY, today + DAY)]);
  });
  test('leaves no gap after a long rest', () => {
    expect(series({ cursor: after(today - 200 * DAY) }).windows).toEqual([
      fresh(today - 207 * DAY, today + DAY),
    ]);
  });
  test('finishes what was left open first, then reads up to now', () => {
    const open = { ...fresh(today - 90 * DAY, today), part: 'u7' };
    expect(series({ cursor: { ...EMPTY_CURSOR, window: open } }).windows).toEqual([
      open,
      fresh(today - 8 * DAY, today + DAY),
    ]);
  });
  test('that is frozen is read once, all of it', () => {
    expect(series({ once: true }).windows).toEqual([fresh(0, today + DAY)]);
    expect(series({ once: true, cursor: after(today) }).windows).toEqual([]);
  });
  test('a clock that ran ahead does not keep the last days from being read', () => {
    expect(series({ cursor: after(today + 30 * DAY) }).windows).toEqual([
      fresh(today + DAY - 7 * DAY, today + DAY),
    ]);
  });
});

test('a snapshot has no window', () => {
  expect(plan({ kind: 'snapshot' })).toEqual({ windows: [], clock: null, mayEndEarly: false });
});
