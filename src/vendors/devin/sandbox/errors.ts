import { type Answer, Refusal, json } from '../../../sandbox/answer.ts';

// `detail` is a text, or for a parameter that does not fit a list of complaints.

/** An error that says what is wrong in one text. */
export function detail(status: number, text: string): Answer {
  return json(status, { detail: text });
}

/** A parameter that does not fit. */
export function invalid(name: string, message: string, type: string): Answer {
  return json(422, { detail: [{ loc: ['query', name], msg: message, type }] });
}

/** Ends the request with an error about one parameter. */
export function refuse(name: string, message: string, type: string): never {
  throw new Refusal(invalid(name, message, type));
}
