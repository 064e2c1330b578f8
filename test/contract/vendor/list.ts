import { expect, test } from 'vitest';
import type { SandboxVendor } from '../../../src/sandbox/vendor.ts';
import { contents, Opened, type VendorFixture } from './fixture.ts';

/** What a list owes that changes while it is paged. */
export function listContract<V extends SandboxVendor>(fixture: VendorFixture<V>): void {
  const { list } = fixture;

  test('has everything that was in it all the time, though it changes while it is read', async () => {
    const opened = await Opened.make(fixture);
    for (let n = 0; n < 450; n += 1) list.add(opened.sandbox, n);
    const before = contents(await opened.read(list.stream));
    expect(before.size).toBe(list.count(opened.sandbox));
    let requests = 0;
    opened.sandbox.onRequest = () => {
      requests += 1;
      if (requests === 3) list.add(opened.sandbox, 1_000);
      if (requests === 4) list.remove(opened.sandbox);
    };
    const during = contents(await opened.read(list.stream));
    opened.sandbox.onRequest = undefined;
    const after = contents(await opened.read(list.stream));
    const missed = [...before.keys()].filter((key) => after.has(key) && !during.has(key));
    expect(missed).toEqual([]);
    expect(requests).toBeGreaterThan(4);
  });
}
