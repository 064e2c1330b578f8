import { usageError } from '../errors.ts';

/** The archive format that this program writes. It refuses a newer one rather than misread it. */
export const FORMAT = 1;

/** For an archive with lines of a later format. */
export function newerFormat(format: number): Error {
  return usageError(
    `the archive has format ${format}; this program knows formats up to ${FORMAT}`,
    'use the newer auditlake that wrote it',
  );
}
