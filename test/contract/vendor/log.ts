import { expect, test } from 'vitest';
import type { Page } from '../../../src/model.ts';
import type { SandboxVendor } from '../../../src/sandbox/vendor.ts';
import { DAY, NOW, Opened, several, type VendorFixture } from './fixture.ts';

function keysOf(pages: readonly Page[]): string[] {
  return [...new Set(pages.flatMap(({ records }) => records.map(({ key }) => key)))].toSorted();
}

/** What a log owes while it grows, shrinks and is paged in whatever way. */
export function logContract<V extends SandboxVendor>(fixture: VendorFixture<V>): void {
  const { log } = fixture;
  const count = several(fixture);

  test('has every event of the window, and no other', async () => {
    const opened = await Opened.make(fixture);
    const ids = opened.fill(count);
    log.put(opened.sandbox, 'too-old', NOW - 4 * DAY);
    log.put(opened.sandbox, 'too-new', NOW);
    const { pages } = await opened.read(log.stream);
    expect(keysOf(pages)).toEqual(ids);
    expect(pages.at(-1)?.place).toBe(NOW);
  });

  test('hands over everything before a place before it promises it', async () => {
    const opened = await Opened.make(fixture);
    opened.fill(count);
    const { pages, records } = await opened.read(log.stream);
    const seen = new Set<string>();
    for (const { records: some, place } of pages) {
      for (const { key } of some) seen.add(key);
      if (place === null) continue;
      const before = records.filter(({ time }) => time !== null && time < place);
      expect(before.every(({ key }) => seen.has(key))).toBe(true);
    }
  });

  test('reads a tie that is larger than a page', async () => {
    const opened = await Opened.make(fixture);
    const ids = opened.fill(count, 0);
    const later = Array.from({ length: 3 }, (_, n) => `later-${n}`);
    for (const [n, id] of later.entries())
      log.put(opened.sandbox, id, NOW - 30_000 + n * log.grain);
    const { pages } = await opened.read(log.stream);
    expect(keysOf(pages)).toEqual([...ids, ...later].toSorted());
  });

  test('loses nothing while events come and go in front of the page', async () => {
    const opened = await Opened.make(fixture);
    const ids = opened.fill(count);
    let requests = 0;
    let removed = 0;
    opened.sandbox.onRequest = () => {
      requests += 1;
      // In turn, an older event appears or one goes that has been read: all rows behind them shift.
      if (requests % 2 === 0) log.put(opened.sandbox, `late-${requests}`, NOW - 2 * DAY);
      else if (removed < 3) log.remove(opened.sandbox, ids[removed++] ?? '');
    };
    const { pages } = await opened.read(log.stream);
    const keys = new Set(keysOf(pages));
    expect(ids.slice(removed).filter((id) => !keys.has(id))).toEqual([]);
    expect(requests).toBeGreaterThan(3);
  });

  test.skipIf(log.cap === undefined)('goes on after pages that a server cuts short', async () => {
    const opened = await Opened.make(fixture);
    log.cap?.(opened.sandbox);
    const ids = opened.fill(count);
    const { pages } = await opened.read(log.stream);
    expect(keysOf(pages)).toEqual(ids);
  });

  test.skipIf(log.emptyFirst === undefined)('goes on after empty pages with a cursor', async () => {
    const opened = await Opened.make(fixture);
    const ids = opened.fill(3);
    log.emptyFirst?.(opened.sandbox, 8);
    const { pages } = await opened.read(log.stream);
    expect(keysOf(pages)).toEqual(ids);
    expect(pages.slice(0, 8).every(({ records }) => records.length === 0)).toBe(true);
  });
}
