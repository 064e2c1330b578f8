import type { Inquiry } from './state.ts';
import { refuse } from './errors.ts';

/** A parameter that the endpoint does not know is refused. */
export function expectKnown({ params }: Inquiry, known: readonly string[]): void {
  for (const name of params.keys()) {
    if (!known.includes(name)) refuse(400, `${name}: Extra inputs are not permitted`);
  }
}

export function readLimit({ params }: Inquiry, usual: number, most: number): number {
  const text = params.get('limit');
  if (text === null) return usual;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    refuse(400, `limit: Input should be between 1 and ${most}`);
  }
  return limit;
}

export function readInstant(params: URLSearchParams, name: string): number | null {
  const text = params.get(name);
  if (text === null) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) refuse(400, `${name}: Input should be a valid datetime`);
  return at;
}

export function requiredInstant(params: URLSearchParams, name: string): number {
  return readInstant(params, name) ?? refuse(400, `${name}: Field required`);
}
