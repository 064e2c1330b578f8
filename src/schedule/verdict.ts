import { documentOf } from '../documents/common.ts';
import { deliverDocument } from '../documents/deliver.ts';
import { errorDocument } from '../documents/error.ts';
import { runDocument } from '../documents/run.ts';
import { type VerifyDocument, verifyDocument } from '../documents/verify.ts';
import { EXIT, EXIT_MEANING } from '../errors.ts';
import type { Ended } from './command.ts';

/** Why a job ended as it did, in the words that its command has for it. Pure. */
export function verdictOf({ exit, document }: Ended): string {
  const diagnosed = documentOf(runDocument, document) ?? documentOf(deliverDocument, document);
  if (diagnosed !== null) return diagnosed.diagnosis.verdict;
  const verified = documentOf(verifyDocument, document);
  if (verified !== null && exit !== EXIT.complete) return verifiedVerdict(verified);
  const failed = documentOf(errorDocument, document);
  if (failed !== null) return `${failed.error.message}; ${failed.error.hint}`;
  const meanings: Readonly<Record<number, string | undefined>> = EXIT_MEANING;
  const meaning = meanings[exit];
  if (meaning !== undefined) return meaning;
  return exit > 128 ? `killed by signal ${exit - 128}` : `ended with exit code ${exit}`;
}

/** The first of what a verification found, and how much there is. */
function verifiedVerdict({ faults, differences, lake, warehouse }: VerifyDocument): string {
  const found = [
    ...faults.map(({ file, what }) => `${file}: ${what}`),
    ...(warehouse.state === 'equal' ? [] : [`warehouse: ${warehouse.what}`]),
    ...(lake?.faults ?? []).map(({ file, what }) => `${file}: ${what}`),
  ];
  const count = faults.length + differences.length + (lake?.faults.length ?? 0);
  const faultsFound = count === 1 ? 'one fault' : `${count} faults`;
  return `verify found ${faultsFound}: ${found[0] ?? 'rows that differ from the archive'}`;
}
