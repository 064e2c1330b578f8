import { integrityError } from '../errors.ts';
import { FORMAT, newerFormat } from './format.ts';
import { unseal, type Unsealed } from './seal.ts';

/** A line of a segment file; lines count from 1. */
export type Place = { file: string; number: number };

/**
 * Reads a line that the program is about to rely on.
 *
 * @param prev the hash of the line before; null for the first of a segment
 * @throws AuditlakeError `integrity` if the line does not verify, `usage` if its format is newer than this program's
 */
export function readLine(bytes: Buffer, prev: string | null, place: Place): Unsealed {
  const result = unseal(bytes);
  if ('fault' in result) throw brokenLine(place, result.fault);
  if (prev !== null && result.prev !== prev) {
    throw brokenLine(place, 'does not follow the line before it');
  }
  const { format, kind } = result.line;
  if (format > FORMAT) throw newerFormat(format);
  if (prev === null && kind !== 'open') throw brokenLine(place, 'does not open the segment');
  return result;
}

export function brokenLine({ file, number }: Place, fault: string): Error {
  return integrityError(
    `${file}, line ${number}: the line ${fault}`,
    'the archive was altered or damaged; nothing was changed. Restore it from a copy and run `auditlake verify`',
  );
}
