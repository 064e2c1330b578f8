import { usageError } from '../errors.ts';

/**
 * Which of some options was given that exclude each other; null for none. One without effect would let a person believe that it had
 * one.
 *
 * @throws AuditlakeError `usage` if several were
 */
export function onlyOne<Option extends string>(chosen: Record<Option, boolean>): Option | null {
  const [first, second] = (Object.keys(chosen) as Option[]).filter((option) => chosen[option]);
  if (first !== undefined && second !== undefined) {
    throw usageError(`--${first} and --${second} exclude each other`, 'name one');
  }
  return first ?? null;
}
