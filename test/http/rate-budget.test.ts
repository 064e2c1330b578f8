import { expect, test } from 'vitest';
import { RateBudget } from '../../src/http/rate-budget.ts';

const { signal } = new AbortController();
const LONGEST_WISH = 60_000;
const limited = (retryAfter: number | null) =>
  Object.assign(new Error(), { fault: 'limited', retryAfter });

test('a wish that nobody waits for does not hold up the others', async () => {
  const budget = new RateBudget(4, LONGEST_WISH);
  const refused = budget.run(() => Promise.reject(limited(100_000_000)), signal);
  await expect(refused).rejects.toMatchObject({ fault: 'limited' });
  const startedAt = performance.now();
  await budget.run(() => Promise.resolve('sent'), signal);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('a wish that is waited for holds up all of the source, until it is aborted', async () => {
  const budget = new RateBudget(4, LONGEST_WISH);
  await expect(budget.run(() => Promise.reject(limited(50_000)), signal)).rejects.toThrow();
  const controller = new AbortController();
  const reason = new Error('stopped');
  let isSent = false;
  const held = budget.run(async () => void (isSent = true), controller.signal);
  setTimeout(() => controller.abort(reason), 50);
  await expect(held).rejects.toBe(reason);
  expect(isSent).toBe(false);
});

test('few requests at once before anything succeeded, then as many as are allowed', async () => {
  const budget = new RateBudget(4, LONGEST_WISH);
  let [atOnce, most] = [0, 0];
  const one = () =>
    budget.run(async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 2));
      atOnce -= 1;
    }, signal);
  await Promise.all(Array.from({ length: 4 }, one));
  expect(most).toBe(2);
  await Promise.all(Array.from({ length: 60 }, one));
  expect(most).toBe(4);
});
