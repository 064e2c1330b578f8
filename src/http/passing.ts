import type { AuditlakeError } from '../errors.ts';

/** A failure that a receiver's answer lets pass: the request may go through if it is repeated. */
export class Passing extends Error {
  readonly failure: AuditlakeError;
  /** The pause that the receiver asks for, in ms; null for none in particular. */
  readonly retryAfter: number | null;

  constructor(failure: AuditlakeError, retryAfter: number | null) {
    super(failure.message);
    this.failure = failure;
    this.retryAfter = retryAfter;
  }

  /** As `repeated` asks for it: nothing else is worth a repeat. */
  static wishOf(error: Error): number | null | 'never' {
    return error instanceof Passing ? error.retryAfter : 'never';
  }
}
