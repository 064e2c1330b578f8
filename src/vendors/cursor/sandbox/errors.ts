import { type Answer, Refusal, json } from '../../../sandbox/answer.ts';

/** The shape of most endpoints. */
export function failed(status: number, error: string, message: string): Answer {
  return json(status, { error, message });
}

/** The shape of organizations and of model access. */
export function coded(status: number, message: string): Answer {
  return json(status, { code: 'error', message });
}

/** Ends the request with an error about a parameter. */
export function badRequest(message: string): never {
  throw new Refusal(failed(400, 'Bad Request', message));
}
