/**
 * What a `Retry-After` header asks for, in ms from `now`: seconds or an HTTP date (RFC 9110). 0 where it is missing or
 * says nothing usable.
 */
export function retryAfterOf(header: string | undefined, now: number): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
