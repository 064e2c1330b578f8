import pRetry from 'p-retry';
import type { GiveUp } from './give-up.ts';
import { pauseBefore, type RetryPolicy } from './retry.ts';
import { pause } from './timer.ts';

/**
 * Retries while the policy allows it and it may help.
 *
 * @param options.signal      ends attempts and pauses alike: it should fire when `giveUp` does
 * @param options.retryHintOf the pause that a failure asks for: in ms, null for none in particular, `never` if a retry
 *                            cannot help
 * @param options.onRetry     called before each pause
 * @throws the last failure; the signal's reason
 */
export async function repeated<T>(
  attempt: () => Promise<T>,
  options: {
    policy: Pick<RetryPolicy, 'attempts' | 'firstPause' | 'longestPause' | 'longestRetryAfter'>;
    signal: AbortSignal;
    giveUp?: GiveUp;
    retryHintOf(error: Error): number | null | 'never';
    onRetry?(error: Error, pauseMs: number): void;
  },
): Promise<T> {
  const { policy, signal, giveUp } = options;
  let granted = 0;
  const isWorthRepeating = async (error: Error, failed: number): Promise<boolean> => {
    const retryAfter = options.retryHintOf(error);
    if (retryAfter === 'never') return false;
    // A server that asks for a minute after each of ten attempts must not hold up a run for ten minutes.
    granted += retryAfter ?? 0;
    const ms =
      granted > policy.longestRetryAfter
        ? null
        : pauseBefore(policy, failed, retryAfter, Math.random());
    // A pause that outlasts the time until it is given up would be in vain.
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
