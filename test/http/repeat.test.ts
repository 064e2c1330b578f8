import { expect, test } from 'vitest';
import { GiveUp } from '../../src/http/give-up.ts';
import { repeated } from '../../src/http/repeat.ts';

const policy = { attempts: 3, firstPause: 1, longestPause: 2, longestRetryAfter: 60_000 };
const { signal } = new AbortController();

/** Fails so many times. */
function failing(times: number): { attempt: () => Promise<string>; made: () => number } {
  let made = 0;
  return {
    made: () => made,
    attempt: async () => {
      made += 1;
      if (made <= times) throw new Error(`failure ${made}`);
      return 'done';
    },
  };
}

test('it is repeated until it succeeds', async () => {
  const { attempt, made } = failing(2);
  const pauses: number[] = [];
  const result = repeated(attempt, {
    policy,
    signal,
    retryHintOf: () => null,
    onRetry: (_error, ms) => pauses.push(ms),
  });
  expect(await result).toBe('done');
  expect([made(), pauses.length]).toEqual([3, 2]);
});

test.each<[string, number | null | 'never', number]>([
  ['the attempts are used up', null, 3],
  ['a repeat cannot help', 'never', 1],
  ['a longer pause is asked for than the policy has', 60_001, 1],
])('the last failure is thrown when %s', async (_why, retryAfter, attempts) => {
  const { attempt, made } = failing(9);
  const result = repeated(attempt, { policy, signal, retryHintOf: () => retryAfter });
  await expect(result).rejects.toThrow(`failure ${attempts}`);
  expect(made()).toBe(attempts);
});

test('a pause that would end after it is given up is not begun', async () => {
  const giveUp = new GiveUp(10_000);
  const { attempt, made } = failing(9);
  const result = repeated(attempt, {
    policy,
    signal,
    giveUp,
    retryHintOf(error) {
      giveUp.failed(error);
      return 20_000;
    },
  });
  await expect(result).rejects.toThrow('failure 1');
  expect(made()).toBe(1);
});

test('a defect is thrown at once', async () => {
  let made = 0;
  const attempt = async (): Promise<never> => {
    made += 1;
    throw new TypeError('x is not a function');
  };
  await expect(repeated(attempt, { policy, signal, retryHintOf: () => null })).rejects.toThrow(
    'x is',
  );
  expect(made).toBe(1);
});

test('a signal ends a pause', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const result = repeated(failing(9).attempt, {
    policy,
    signal: controller.signal,
    retryHintOf: () => 50_000,
    onRetry: () => controller.abort(reason),
  });
  await expect(result).rejects.toBe(reason);
});

test('the pauses that a server asks for add up to no more than the longest', async () => {
  const { attempt, made } = failing(9);
  const patient = { ...policy, attempts: 9, longestRetryAfter: 100 };
  const result = repeated(attempt, { policy: patient, signal, retryHintOf: () => 40 });
  await expect(result).rejects.toThrow('failure 3');
  expect(made()).toBe(3);
});
