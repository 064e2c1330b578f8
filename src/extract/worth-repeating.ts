/** Which failures of a vendor are worth a repeat. Pure. */
import { VendorError } from '../errors.ts';

/** Web pages that one request may be answered with before it counts as not there. */
const MOST_WEB_PAGES = 4;

/** Trouble that may pass by itself, and counts towards giving a source up; a clear "no" to one endpoint does not. */
export function isTrouble(error: unknown): error is VendorError {
  return error instanceof VendorError && (error.fault === 'broken' || error.fault === 'limited');
}

export function isWebPage(error: unknown): error is VendorError {
  return error instanceof VendorError && error.code === 'web-page';
}

/**
 * How long to wait before the request is sent again: null for no particular time, `never` if sending it again cannot help.
 *
 * @param webPages    how often this request was answered with a page by now
 * @param answersJson whether the rest of the source answers as an API does
 */
export function retryHintOf(
  error: Error,
  webPages: number,
  answersJson: boolean,
): number | null | 'never' {
  if (isTrouble(error)) return error.retryAfter;
  // A gateway's hiccup passes soon; where the rest of the source answers, a page that stays means "not here".
  const mayPass = isWebPage(error) && !(answersJson && webPages >= MOST_WEB_PAGES);
  return mayPass ? error.retryAfter : 'never';
}
