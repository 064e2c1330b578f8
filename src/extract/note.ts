import { createHash } from 'node:crypto';
import type { Answer } from '../http/request.ts';
import type { PageNote } from '../model.ts';

/**
 * The note of a page. Pure.
 *
 * @param request   what was asked, as it may be kept
 * @param redaction the rule by which texts of the body were hidden
 */
export function noteOf(
  request: string,
  { status, at, body }: Answer,
  value: { records?: readonly unknown[] } | object,
  redaction?: string,
): PageNote {
  return {
    request,
    status,
    at,
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    records: 'records' in value ? (value.records?.length ?? 1) : 1,
    ...(redaction === undefined ? {} : { redaction }),
  };
}

/** The vendor's own clock; null if the answer does not say. Pure. */
export function vendorClock({ headers }: Answer): number | null {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? null : date;
}
