import { randomUUID } from 'node:crypto';
import { type Answer, json } from '../../../sandbox/answer.ts';

// The vendor's endpoints do not agree on one error body. Each shape is here once.

/** The unified specification: a code, a message, the status again. */
export function codedError(status: number, error: string, message: string): Answer {
  return json(status, { error, message, status, requestId: randomUUID() });
}

/** A request that the unified specification calls bad. */
export function badRequest(message: string): Answer {
  return codedError(400, 'bad_request', message);
}

/** A licence that does not include what was asked for. */
export function featureNotAvailable(): Answer {
  const message = 'This feature is not available for your organization.';
  return json(403, { error: 'FEATURE_NOT_AVAILABLE', message });
}

/** User management: a message alone. */
export function messageError(status: number, message: string): Answer {
  return json(status, { message, status });
}

/** Live parameter validation: `error` is an object. */
export function validationError(errors: string[]): Answer {
  return json(400, { error: { message: 'Validation Error', errors, status: 400 } });
}

/** Audit logs: a code and a message, no status. */
export function invalidRequest(message: string): Answer {
  return json(400, { error: 'invalid_request', message, requestId: randomUUID() });
}
