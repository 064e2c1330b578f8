import pRetry from 'p-retry';
import type { GiveUp } from './give-up.ts';
import { pauseBefore, type RetryPolicy } from './retry.ts';
import { pause } from './timer.ts';

/**
 * Does something again while that may help, as a policy has it.
 *
 * @param options.signal      ends attempts and pauses alike: it should fire when `giveUp` does
 * @param options.wishOf      the pause that a failure asks for: in ms, null for none in particular, `never` if a repeat
 *                            cannot help
 * @param options.onRetry     called before each pause
 * @throws the last failure; the signal's reason
 */
export async function repeated<T>(
  attempt: () => Promise<T>,
  options: {
    policy: Pick<RetryPolicy, 'attempts' | 'firstPause' | 'longestPause' | 'longestWish'>;
    signal: AbortSignal;
    giveUp?: GiveUp;
    wishOf(error: Error): number | null | 'never';
    onRetry?(error: Error, pauseMs: number): void;
  },
): Promise<T> {
  const { policy, signal, giveUp } = options;
  let granted = 0;
  const isWorthRepeating = async (error: Error, failed: number): Promise<boolean> => {
    const wish = options.wishOf(error);
    if (wish === 'never') return false;
    // A server that asks for a minute after every attempt would hold up whoever waits for this for ten.
    granted += wish ?? 0;
    const ms =
      granted > policy.longestWish ? null : pauseBefore(policy, failed, wish, Math.random());
    // A pause that ends after it was given up would be for nothing.
    if (ms === null || ms > (giveUp?.left ?? Number.POSITIVE_INFINITY)) return false;
    options.onRetry?.(error, ms);
    await pause(ms, signal);
    return true;
  };
  const engine = () =>
    pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      signal,
      shouldRetry: ({ error, attemptNumber }) => isWorthRepeating(error, attemptNumber),
    });
  return giveUp === undefined ? engine() : giveUp.during(engine);
}
