import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { stopped } from '../../errors.ts';
import { BigQueryError, refusalOf } from './answers.ts';

/** How patient the sink is. All in ms. */
export type Pace = {
  /** For the answer to a request, and to one that uploads a file. */
  answer: number;
  upload: number;
  /** The pause after a first failure or a first look at a job; it doubles up to the longest. */
  first: number;
  longest: number;
  /** How long one job is waited for. */
  job: number;
};

export const PACE: Pace = {
  answer: 60_000,
  upload: 30 * 60_000,
  first: 500,
  longest: 20_000,
  job: 30 * 60_000,
};

const REPEATS = 4;

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
    return await pRetry(() => once(what, signal, request, patience), {
      retries: REPEATS,
      minTimeout: pace.first,
      maxTimeout: pace.longest,
      signal,
      shouldRetry: ({ error }) => error instanceof BigQueryError && error.fault === 'passing',
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
    throw error instanceof BigQueryError ? error : new BigQueryError(what, refusalOf(error));
  } finally {
    settled.abort();
  }
}
