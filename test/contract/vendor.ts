/**
 * What every stream of every vendor owes, as `src/extract/port.ts` says it: tried on the vendor's sandbox, over real HTTP,
 * through its declaration. A server that cannot do what a case needs is shown as skipped there.
 */
import { describe, expect, test } from 'vitest';
import type { SandboxVendor } from '../../src/sandbox/vendor.ts';
import type { VendorFixture } from './vendor/fixture.ts';
import { listContract } from './vendor/list.ts';
import { logContract } from './vendor/log.ts';
import { partsContract } from './vendor/parts.ts';
import { streamsContract } from './vendor/streams.ts';
import { troubleContract } from './vendor/trouble.ts';

export function vendorContract<V extends SandboxVendor>(fixture: VendorFixture<V>): void {
  const { vendor, log } = fixture;
  describe(`${vendor.title} keeps the contract of vendors`, () => {
    test('the log is the stream that must work', () => {
      const info = vendor.streams.find(({ name }) => name === log.stream);
      expect(info).toMatchObject({ kind: 'log', required: true });
    });
    describe('every stream', () => streamsContract(fixture));
    describe('the log', () => logContract(fixture));
    describe('a list', () => listContract(fixture));
    describe('trouble', () => troubleContract(fixture));
    describe('parts that fail', () => partsContract(fixture));
  });
}
