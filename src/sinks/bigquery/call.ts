import { setTimeout as sleep } from 'node:timers/promises';
import { stopped } from '../../errors.ts';
import { repeated } from '../../http/repeat.ts';
import type { RetryPolicy } from '../../http/retry.ts';
import { BigQueryError, refusalOf } from './answers.ts';

/** How patient the sink is. All in ms. */
export type Pace = {
  /** For the answer to a request, and to one that uploads a file. */
  answer: number;
  upload: number;
  /** How long one job is waited for. */
  job: number;
  /** Of requests; a job is looked at with the same pauses. */
  retry: Omit<RetryPolicy, 'giveUpAfter'>;
};

export const PACE: Pace = {
  answer: 60_000,
  upload: 30 * 60_000,
  job: 30 * 60_000,
  retry: { attempts: 5, firstPause: 500, longestPause: 20_000, longestRetryAfter: 60_000 },
};

/**
 * Sends a request, and retries it while that may help. The request must do no harm if it is sent twice.
 *
 * @param what what is attempted, for the message
 * @throws BigQueryError; `stopped` once the signal says so
 */
export async function call<T>(
  what: string,
  pace: Pace,
  signal: AbortSignal,
  request: () => Promise<T>,
  patience: number = pace.answer,
): Promise<T> {
  try {
    return await repeated(() => once(what, signal, request, patience), {
      policy: pace.retry,
      signal,
      retryHintOf: (error) =>
        error instanceof BigQueryError && error.fault === 'transient' ? error.retryAfter : 'never',
    });
  } catch (error) {
    if (signal.aborted) throw stopped();
    throw error;
  }
}

/**
 * The client can neither be interrupted nor given a deadline (its option `timeout` does not reach the socket), so its promise
 * is abandoned. That is safe: jobs have names, and are found again.
 */
async function once<T>(
  what: string,
  signal: AbortSignal,
  request: () => Promise<T>,
  patience: number,
): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  try {
    const answer = request();
    const late = sleep(patience, undefined, {
      signal: AbortSignal.any([signal, settled.signal]),
    }).then(() => {
      const message = `no answer within ${patience / 1000} s`;
      throw new BigQueryError(what, { status: null, reason: null, message, network: 'timeout' });
    });
    return await Promise.race([answer, late]);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof BigQueryError
      ? error
      : new BigQueryError(what, refusalOf(error, Date.now()));
  } finally {
    settled.abort();
  }
}
