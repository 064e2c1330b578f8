import { type Answer, Refusal } from '../../../sandbox/answer.ts';
import { codedError } from './errors.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?<fraction>\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** A time of a query in epoch ms. `refuse` is the endpoint's own way to complain. */
export function readInstant(
  query: Readonly<Record<string, string>>,
  name: string,
  rejectFraction: boolean,
  refuse: (message: string) => Answer,
): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const match = INSTANT.exec(value);
  const time = match === null ? Number.NaN : Date.parse(value);
  if (Number.isNaN(time)) throw new Refusal(refuse(`\`${name}\` must be a date-time`));
  // The live API says no more than this.
  if (rejectFraction && match?.groups?.['fraction'] !== undefined) {
    throw new Refusal(codedError(400, 'bad_request', 'Bad Request'));
  }
  return time;
}
