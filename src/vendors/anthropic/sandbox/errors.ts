import { type Answer, json, Refusal } from '../../../sandbox/answer.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  410: 'invalid_request_error',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
};

/** The vendor's body for an error. */
export function problem(status: number, message: string): Answer {
  const error = { type: TYPES[status] ?? 'api_error', message };
  return json(status, { type: 'error', error, request_id: 'req_sandbox' });
}

/** Ends the request with an error. */
export function refuse(status: number, message: string): never {
  throw new Refusal(problem(status, message));
}
