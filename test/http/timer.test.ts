import { expect, test } from 'vitest';
import { pause, timerDelay } from '../../src/http/timer.ts';

test.each([
  [0, 0],
  [-5, 0],
  [1_500, 1_500],
  [2 ** 31 - 1, 2 ** 31 - 1],
  // Node would fire at once.
  [2 ** 31, 2 ** 31 - 1],
  [27 * 86_400_000, 2 ** 31 - 1],
  [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
])('%d ms are %d for a timer', (ms, delay) => {
  expect(timerDelay(ms)).toBe(delay);
});

test('a pause ends with the reason of its signal', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const waiting = pause(86_400_000_000, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
