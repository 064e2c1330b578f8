import { expect, test } from 'vitest';
import { RateBudget } from '../../src/http/rate-budget.ts';

const { signal } = new AbortController();
const LONGEST_WISH = 60_000;
const LOG = 'GET /audit-logs';
const limited = (retryAfter: number | null) =>
  Object.assign(new Error(), { fault: 'limited', retryAfter });

test('a pause that is too long to wait for does not hold up the others', async () => {
  const budget = new RateBudget(4, LONGEST_WISH);
  const refused = budget.run(LOG, () => Promise.reject(limited(100_000_000)), signal);
  await expect(refused).rejects.toMatchObject({ fault: 'limited' });
  const startedAt = performance.now();
  await budget.run(LOG, () => Promise.resolve('sent'), signal);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('a pause that is waited for holds up its endpoint and no other, until it is aborted', async () => {
  const budget = new RateBudget(4, LONGEST_WISH);
  await expect(budget.run(LOG, () => Promise.reject(limited(50_000)), signal)).rejects.toThrow();
  const controller = new AbortController();
  const reason = new Error('stopped');
  let isSent = false;
  const held = budget.run(LOG, async () => void (isSent = true), controller.signal);
  expect(await budget.run('GET /users', () => Promise.resolve('sent'), signal)).toBe('sent');
  controller.abort(reason);
  await expect(held).rejects.toBe(reason);
  expect(isSent).toBe(false);
});

test('few requests at once before anything succeeded, then as many as are allowed', async () => {
  const budget = new RateBudget(4, LONGEST_WISH);
  let [atOnce, most] = [0, 0];
  const one = () =>
    budget.run(
      LOG,
      async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 2));
        atOnce -= 1;
      },
      signal,
    );
  await Promise.all(Array.from({ length: 4 }, one));
  expect(most).toBe(2);
  await Promise.all(Array.from({ length: 60 }, one));
  expect(most).toBe(4);
});

test('one place is enough for all endpoints', async () => {
  const budget = new RateBudget(1, LONGEST_WISH);
  const asked = ['GET /users', 'GET /teams', LOG].map((endpoint) =>
    budget.run(endpoint, () => Promise.resolve(endpoint), signal),
  );
  expect(await Promise.all(asked)).toEqual(['GET /users', 'GET /teams', LOG]);
});
