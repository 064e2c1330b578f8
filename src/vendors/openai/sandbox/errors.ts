import { type Answer, json, Refusal } from '../../../sandbox/answer.ts';

/** The usual body of an error. */
export function failed(status: number, message: string, param: string | null = null): Answer {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return json(status, { error: { message, type, param, code: null } });
}

/** Ends the request with an error about one parameter. */
export function refuse(param: string, message: string): never {
  throw new Refusal(failed(400, message, param));
}

/** What a key is answered that may not do something: the error is a text where it usually is an object. */
export function lacking(scope: string, shape: 'text' | 'object'): Answer {
  const message = `You have insufficient permissions for this operation. Missing scopes: ${scope}. Check that you have the correct role in your organization.`;
  return shape === 'object' ? failed(403, message) : json(403, { error: message });
}
