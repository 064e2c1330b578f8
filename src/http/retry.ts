/** When a failed request is retried: a policy as data, and the rule that applies it. Pure: the random number is an argument. */

/** All times in ms. */
export type RetryPolicy = {
  /** The first try and the repeats of one request. */
  attempts: number;
  /** The pause after the first failure. It doubles with each, up to the longest. */
  firstPause: number;
  longestPause: number;
  /** The longest that a server's `Retry-After` is heeded, over all attempts of one request. Beyond it the next run tries again. */
  longestRetryAfter: number;
  /** After so long without any success the other side is given up, with everything that is asked of it. */
  giveUpAfter: number;
};

/** For a vendor's API. The pauses between ten attempts add up to about 45 s. */
export const VENDOR_RETRY: RetryPolicy = {
  attempts: 10,
  firstPause: 250,
  longestPause: 10_000,
  longestRetryAfter: 60_000,
  giveUpAfter: 60_000,
};

/** Where a person waits for the answer, and would rather try again than wait long. */
export const LOOK_RETRY: RetryPolicy = {
  attempts: 3,
  firstPause: 250,
  longestPause: 1_000,
  longestRetryAfter: 5_000,
  giveUpAfter: 5_000,
};

/** How long such a request may stay silent, in ms. */
export const LOOK_TIMEOUT = 10_000;

/**
 * The pause before the next attempt, in ms; null when there is none.
 *
 * @param failed how many attempts have failed, from 1
 * @param retryAfter the pause that the server asked for, or null. 0 does not mean "at once, again and again"
 * @param random in [0, 1): spreads clients that failed together
 */
export function pauseBefore(
  policy: Pick<RetryPolicy, 'attempts' | 'firstPause' | 'longestPause' | 'longestRetryAfter'>,
  failed: number,
  retryAfter: number | null,
  random: number,
): number | null {
  if (failed >= policy.attempts) return null;
  if (retryAfter !== null && retryAfter > policy.longestRetryAfter) return null;
  const full = Math.min(policy.longestPause, policy.firstPause * 2 ** (failed - 1));
  return Math.max(retryAfter ?? 0, Math.round(full * (0.5 + random / 2)));
}
