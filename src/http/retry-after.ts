/** When a server says a repeat makes sense, read from the headers of an answer. Pure: the clock is an argument. */
import type { Headers } from './headers.ts';

/**
 * The pause that an answer asks for, in ms; null if it asks for none.
 *
 * `Retry-After` (seconds or an HTTP date, RFC 9110) and `retry-after-ms` count on every answer. The reset of a quota
 * counts only where a quota is what refused the request: many servers send it with every answer, a 502 included.
 *
 * @param now our clock, for instants in an answer that says nothing of its own clock
 */
export function retryAfterOf(status: number, headers: Headers, now: number): number | null {
  const clock = instantOf(headers.get('date') ?? '') ?? now;
  return (
    explicit(headers, clock) ?? (isAboutQuota(status) ? quotaReset(status, headers, clock) : null)
  );
}

/**
 * Whether an answer refuses because of too many requests, whatever its status says besides. A 403 or 503 does if it asks
 * for a pause or a quota is at zero.
 */
export function isRateLimit(status: number, headers: Headers): boolean {
  if (status === 429) return true;
  if (status !== 403 && status !== 503) return false;
  return explicit(headers, 0) !== null || buckets(headers).some(({ remaining }) => remaining === 0);
}

function isAboutQuota(status: number): boolean {
  return status === 429 || status === 403 || status === 503;
}

function explicit(headers: Headers, clock: number): number | null {
  const ms = numberIn(headers.get('retry-after-ms'));
  if (ms !== null) return Math.ceil(ms);
  const after = headers.get('retry-after') ?? '';
  const seconds = numberIn(after);
  if (seconds !== null) return Math.ceil(seconds * 1000);
  const date = instantOf(after);
  return date === null ? null : Math.max(0, date - clock);
}

/** A quota: how much is left of it and what its reset header says. A server may send one or several. */
type Bucket = { remaining: number | null; reset: string; isDelay: boolean };

/** As `x-ratelimit-reset`, `ratelimit-reset`, `x-ratelimit-reset-after` or `<vendor>-ratelimit-<quota>-reset`. */
const RESET = /^(?<bucket>(?:[a-z0-9-]+-)?rate-?limit(?:-[a-z0-9-]+)?)-reset(?<after>-after)?$/;

function buckets(headers: Headers): Bucket[] {
  return [...headers].flatMap(([name, reset]) => {
    const { bucket, after } = RESET.exec(name)?.groups ?? {};
    if (bucket === undefined) return [];
    const remaining = numberIn(headers.get(`${bucket}-remaining`));
    return [{ remaining, reset, isDelay: after !== undefined }];
  });
}

/** The latest reset of the quotas that are used up. On a 429 that does not say what is left, of those it names. */
function quotaReset(status: number, headers: Headers, clock: number): number | null {
  const all = buckets(headers);
  const usedUp = all.filter(({ remaining }) => remaining === 0);
  const meant =
    usedUp.length > 0 || status !== 429
      ? usedUp
      : all.filter(({ remaining }) => remaining === null);
  const waits = meant.map((bucket) => untilReset(bucket, clock)).filter((wait) => wait !== null);
  return waits.length === 0 ? null : Math.max(...waits);
}

/** Above it, a number is an instant in Unix seconds and not a delay; above the second, in ms. */
const UNIX_SECONDS = 1_000_000_000;
const UNIX_MS = 100_000_000_000;

/** The IETF's draft has seconds from now; many servers send the instant itself, as a Unix time or in ISO 8601. */
function untilReset({ reset, isDelay }: Bucket, clock: number): number | null {
  const number = numberIn(reset);
  if (number === null) {
    const instant = instantOf(reset);
    return instant === null ? null : Math.max(0, instant - clock);
  }
  if (isDelay || number < UNIX_SECONDS) return Math.ceil(number * 1000);
  return Math.max(0, (number < UNIX_MS ? number * 1000 : number) - clock);
}

/** A number of 0 or more; the first where a header was sent twice. */
function numberIn(text: string | undefined): number | null {
  const digits = /^\s*(\d+(?:\.\d+)?)\s*(?:$|,)/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** RFC 9110's form and the two older ones that it wants read as well; the last names no zone and means UTC. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .* GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;
const ISO_INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$/i;

/** Only known forms: `Date.parse` makes a date of nearly anything with a number in it. */
function instantOf(text: string): number | null {
  const date = text.trim();
  const isKnown = HTTP_DATE.test(date) || ISO_INSTANT.test(date);
  const ms = isKnown ? Date.parse(date) : ASCTIME.test(date) ? Date.parse(`${date} GMT`) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
