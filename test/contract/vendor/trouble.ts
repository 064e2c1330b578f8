import { expect, test } from 'vitest';
import { VendorError } from '../../../src/errors.ts';
import type { FaultKind } from '../../../src/sandbox/faults.ts';
import type { SandboxVendor } from '../../../src/sandbox/vendor.ts';
import { few } from '../../long.ts';
import { Opened, several, type VendorFixture } from './fixture.ts';

/** What is done about answers that are cut, refused or not there, and when a run is stopped. */
export function troubleContract<V extends SandboxVendor>(fixture: VendorFixture<V>): void {
  const { log } = fixture;
  // One client answers for all vendors: extract/client.test.ts has every kind.
  const kinds = few<FaultKind>(1, ['json-cut', '500', 'cut', 'reset', 'html-502', 'stall']);

  test.each(kinds)('an answer that fails once by %s is asked for again', async (kind) => {
    const opened = await Opened.make(fixture);
    const ids = opened.fill(several(fixture));
    const reader = await opened.open();
    Object.assign(opened.sandbox.faults, { next: [kind] });
    const { records } = await opened.read(log.stream, reader);
    expect([...new Set(records.map(({ key }) => key))].toSorted()).toEqual(ids);
  });

  test.each(few(1, ['cut', 'json-cut', 'reset', '500'] as const))(
    'an answer that always fails by %s is an error, not an end',
    async (kind) => {
      const opened = await Opened.make(fixture);
      opened.fill(5);
      const reader = await opened.open();
      opened.sandbox.faults.always = kind;
      await expect(opened.read(log.stream, reader)).rejects.toBeInstanceOf(VendorError);
    },
  );

  test('once the signal fires, no further request is sent', async () => {
    const opened = await Opened.make(fixture);
    opened.fill(several(fixture));
    const reader = await opened.open(4);
    let atAbort = -1;
    const since = opened.sandbox.requests.length;
    opened.sandbox.onRequest = () => {
      if (opened.sandbox.requests.length < since + 2 || atAbort >= 0) return;
      atAbort = reader.observed().requests;
      opened.abort.abort(new Error('stopped by the test'));
    };
    await expect(opened.read(log.stream, reader)).rejects.toThrow('stopped by the test');
    expect(reader.observed().requests).toBe(atAbort);
  });

  test('a token that is refused says so', async () => {
    const opened = await Opened.make(fixture);
    const reader = await opened.open();
    opened.intercept(() => ({ status: 401, type: 'application/json', body: '{}' }));
    await expect(opened.read(log.stream, reader)).rejects.toMatchObject({ fault: 'refused' });
  });
}
