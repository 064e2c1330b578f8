import { integrityError } from '../errors.ts';
import type { Chain, Opening } from './chain.ts';
import { FORMAT, newerFormat } from './format.ts';
import { unseal, type Unsealed } from './seal.ts';

/** A line of a segment file; lines count from 1. */
export type Place = { file: string; number: number };

/**
 * Goes on to a line that the program is about to rely on.
 *
 * @param opening for the first line of a segment; null for any other
 * @returns the line
 * @throws AuditlakeError `integrity` if the line is not as the chain wants it, `usage` if its format is newer than this program's
 */
export function nextLine(
  chain: Chain,
  bytes: Buffer,
  opening: Opening | null,
  place: Place,
): Unsealed {
  const result = unseal(bytes);
  if ('fault' in result) throw brokenLine(place, `the line ${result.fault}`);
  if (result.line.format > FORMAT) throw newerFormat(result.line.format);
  const [fault] = chain.next(result, opening);
  if (fault !== undefined) throw brokenLine(place, fault);
  return result;
}

function brokenLine({ file, number }: Place, fault: string): Error {
  return brokenLedger(`${file}, line ${number}: ${fault}`);
}

/** The ledger is not as the chain wants it; nothing goes on from it. */
export function brokenLedger(what: string): Error {
  return integrityError(
    what,
    'the archive was altered or damaged; nothing was changed. Restore it from a copy and run `auditlake verify`',
  );
}
