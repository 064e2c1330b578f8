import type { VendorFault } from '../errors.ts';

/** What an answer with an error status means, and what the user can do. */
export type Diagnosis = { fault: VendorFault; code: string; what: string; hint: string };

/** What the user can do about the three refusals that every vendor words in its own way. */
export type RefusalHints = { refused: string; forbidden: string; absent: string };

/** What a refusal says by its status alone; null for what may pass by itself and for what is no refusal. Pure. */
export function diagnoseRefusal(
  status: number,
  what: string,
  hints: RefusalHints,
): Diagnosis | null {
  if (status === 401) {
    return { fault: 'refused', code: 'token-refused', what, hint: hints.refused };
  }
  if (status === 403) return { fault: 'forbidden', code: 'forbidden', what, hint: hints.forbidden };
  if (status === 404) return { fault: 'absent', code: 'not-found', what, hint: hints.absent };
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return rejected(what);
  return null;
}

export function rejected(what: string): Diagnosis {
  return {
    fault: 'rejected',
    code: 'request-rejected',
    what,
    hint: 'the vendor does not take this request: please report it with this message',
  };
}
