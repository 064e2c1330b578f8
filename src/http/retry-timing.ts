/**
 * When a failed request is tried again. Pure: the clock and the dice are arguments.
 *
 * Neither vendor documents a rate limit or a Retry-After header, so both are honoured when they
 * come and guessed when they do not.
 */

/** The first try and the repeats of one request. With the delays below that is about 45 s. */
export const MAX_ATTEMPTS = 10;

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/** A source that had no success for this long is given up for the run; so a longer wait is pointless. */
export const GIVE_UP_AFTER_MS = 60_000;

/**
 * How long to wait before the next attempt, in ms; null when there is none.
 *
 * @param attempt    how many attempts have failed, from 1
 * @param retryAfter what the vendor asked for, in ms, or null
 * @param random     in [0, 1): spreads clients that failed together
 */
export function retryDelay(
  attempt: number,
  retryAfter: number | null,
  random: number,
): number | null {
  if (attempt >= MAX_ATTEMPTS) return null;
  if (retryAfter !== null) return retryAfter > GIVE_UP_AFTER_MS ? null : retryAfter;
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + random / 2));
}

/**
 * What the response headers say about when to come back, in ms from `now`; null if nothing usable.
 * `Retry-After` is a number of seconds or an HTTP date (RFC 9110). `RateLimit-Reset` is seconds
 * from now in the IETF draft, but many servers send the instant itself in Unix seconds.
 */
export function retryAfterOf(
  header: (name: string) => string | undefined,
  now: number,
): number | null {
  const after = header('retry-after')?.trim();
  if (after !== undefined) {
    if (/^\d+(\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1000);
    const date = Date.parse(after);
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  const reset = (header('ratelimit-reset') ?? header('x-ratelimit-reset'))?.trim();
  if (reset !== undefined && /^\d+(\.\d+)?$/.test(reset)) {
    const seconds = Number(reset);
    const looksLikeInstant = seconds > 1_000_000_000;
    return looksLikeInstant ? Math.max(0, seconds * 1000 - now) : Math.ceil(seconds * 1000);
  }
  return null;
}
