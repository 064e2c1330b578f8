import type { AuditlakeError } from '../errors.ts';

/** A failure that may pass by itself: the same request may succeed if it is sent again. */
export class TransientFailure extends Error {
  readonly failure: AuditlakeError;
  /** The pause that the receiver asks for, in ms; null for none in particular. */
  readonly retryAfter: number | null;

  constructor(failure: AuditlakeError, retryAfter: number | null) {
    super(failure.message);
    this.failure = failure;
    this.retryAfter = retryAfter;
  }

  /** For `repeated`: no other failure is worth a retry. */
  static retryHintOf(error: Error): number | null | 'never' {
    return error instanceof TransientFailure ? error.retryAfter : 'never';
  }
}
