/** When a failed request is tried again: a policy as data, and the rule that reads it. Pure: the dice are an argument. */

/** All times in ms. */
export type RetryPolicy = {
  /** The first try and the repeats of one request. */
  attempts: number;
  /** The pause after the first failure. It doubles with each, up to the longest. */
  firstPause: number;
  longestPause: number;
  /**
   * A server that asks for longer pauses than this, all those of one request together, is not waited for: the next run is its
   * repeat.
   */
  longestWish: number;
  /** After so long without a success, whatever is asked of the other side is given up. */
  giveUpAfter: number;
};

/** A vendor's API. The pauses of ten attempts make about 45 s. */
export const VENDOR_RETRY: RetryPolicy = {
  attempts: 10,
  firstPause: 250,
  longestPause: 10_000,
  longestWish: 60_000,
  giveUpAfter: 60_000,
};

/** Where a person waits for the answer, and looks again rather than wait longer. */
export const LOOK_RETRY: RetryPolicy = {
  attempts: 3,
  firstPause: 250,
  longestPause: 1_000,
  longestWish: 5_000,
  giveUpAfter: 5_000,
};

/** A request of theirs may be silent for so long, in ms. */
export const LOOK_TIMEOUT = 10_000;

/**
 * The pause before the next attempt, in ms; null when there is none.
 *
 * @param failed how many attempts have failed, from 1
 * @param wish   the pause that the server asked for, or null. A wish of 0 does not mean "at once, again and again"
 * @param random in [0, 1): spreads clients that failed together
 */
export function pauseBefore(
  policy: Pick<RetryPolicy, 'attempts' | 'firstPause' | 'longestPause' | 'longestWish'>,
  failed: number,
  wish: number | null,
  random: number,
): number | null {
  if (failed >= policy.attempts) return null;
  if (wish !== null && wish > policy.longestWish) return null;
  const full = Math.min(policy.longestPause, policy.firstPause * 2 ** (failed - 1));
  return Math.max(wish ?? 0, Math.round(full * (0.5 + random / 2)));
}
