import { MalformedBody } from './malformed-body.ts';

/**
 * A body, or a record in it, that has to be an object.
 *
 * @param what is named by the error: `the body`, `a limit`
 * @throws MalformedBody if it is anything else; a server under load has answered `null`
 */
export function parseObject(bytes: Buffer, what = 'the body'): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new MalformedBody(`${what} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (isObject(value)) return value;
  throw new MalformedBody(`${what} is no object`);
}

/** What an object says, for bodies of which nothing is relied upon, such as those of errors: nothing where it is anything else. */
export function fieldsOf(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** A JSON object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
