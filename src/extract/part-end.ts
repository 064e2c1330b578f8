import type { VendorError } from '../errors.ts';
import type { PartEnd } from '../model.ts';

const REJECTED =
  'the vendor refuses this one and answers for others: ask it why; the rest is read, and every run asks again';

/** How a part ends if asking for it failed like this; null if the error says nothing about the part by itself. Pure. */
export function partEndOf(part: string, error: VendorError): PartEnd | null {
  const ended = endedBy(error);
  if (ended === null) return null;
  const { code, message } = error;
  // The request is right, since others of its kind are answered: no defect to report.
  const hint = error.fault === 'rejected' ? REJECTED : error.hint;
  return { part, ended, reason: { code, message, hint } };
}

function endedBy({ fault, status, code }: VendorError): PartEnd['ended'] | null {
  if (fault === 'forbidden') return 'unavailable';
  if (fault === 'rejected') return status === 400 || status === 422 ? 'unavailable' : null;
  if (fault !== 'absent') return null;
  if (status === 404) return 'gone';
  // A page for people comes from something in front of the API; anything else is the vendor's "not configured".
  return code === 'web-page' ? null : 'unavailable';
}
