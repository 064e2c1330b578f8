import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GiveUp } from '../../src/http/give-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const broken = new Error('status 500');
const never = (): Promise<never> => new Promise(() => undefined);

test('what is under way ends a minute after the first failure, with the last one', () => {
  const giveUp = new GiveUp(60_000);
  void giveUp.during(never);
  vi.advanceTimersByTime(100_000);
  expect(giveUp.left).toBe(Number.POSITIVE_INFINITY);
  giveUp.failed(new Error('status 502'));
  vi.advanceTimersByTime(59_999);
  giveUp.failed(broken);
  expect([giveUp.signal.aborted, giveUp.left]).toEqual([false, 1]);
  vi.advanceTimersByTime(1);
  expect(giveUp.signal.reason).toBe(broken);
});

test('nothing is begun after it', async () => {
  const giveUp = new GiveUp(1);
  void giveUp.during(never);
  giveUp.failed(broken);
  vi.advanceTimersByTime(1);
  await expect(giveUp.during(() => Promise.resolve('sent'))).rejects.toBe(broken);
});

test('a success in between begins the time anew', () => {
  const giveUp = new GiveUp(60_000);
  void giveUp.during(never);
  giveUp.failed(broken);
  vi.advanceTimersByTime(59_000);
  giveUp.succeeded();
  vi.advanceTimersByTime(59_000);
  giveUp.failed(broken);
  vi.advanceTimersByTime(59_000);
  expect(giveUp.signal.aborted).toBe(false);
});

test('time in which nobody asks proves nothing; the next failure decides', async () => {
  const giveUp = new GiveUp(60_000);
  await giveUp.during(async () => giveUp.failed(broken));
  vi.advanceTimersByTime(600_000);
  expect(giveUp.signal.aborted).toBe(false);
  const asked = giveUp.during(async () => giveUp.failed(broken));
  await asked;
  expect(giveUp.signal.aborted).toBe(true);
});
