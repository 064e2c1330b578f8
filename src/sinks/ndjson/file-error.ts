import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuditlakeError, EXIT, messageOf, type ExitCode } from '../../errors.ts';

/** What an operating system's word means for a delivery, and what helps. Everything else may pass by itself. */
const MEANING: Readonly<Record<string, { exit: ExitCode; hint: string }>> = {
  ENOSPC: { exit: EXIT.incomplete, hint: 'make room on that disk: the next run goes on from here' },
  EDQUOT: { exit: EXIT.incomplete, hint: 'raise the quota: the next run goes on from here' },
  EACCES: { exit: EXIT.person, hint: 'let the user that auditlake runs as write there' },
  EPERM: { exit: EXIT.person, hint: 'let the user that auditlake runs as write there' },
  EROFS: { exit: EXIT.person, hint: 'mount it writable, or set another path' },
  EISDIR: { exit: EXIT.person, hint: 'it is a folder: end the path with a slash for files in it' },
  EEXIST: { exit: EXIT.person, hint: 'a part of the path is a file: set another path' },
  ENOTDIR: { exit: EXIT.person, hint: 'a part of the path is a file: set another path' },
};

/** @param what what was done when it failed: `writing to /var/log/ai.ndjson` */
export function fileError(name: string, what: string, error: unknown): AuditlakeError {
  if (error instanceof AuditlakeError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const { exit, hint } = MEANING[code] ?? {
    exit: EXIT.incomplete,
    hint: 'look at that path and its disk: the next run goes on from here',
  };
  return new AuditlakeError(
    'ndjson-file',
    `sink ${name}: ${what} failed: ${messageOf(error)}`,
    hint,
    exit,
    error,
  );
}

/**
 * Whether a file or folder can be written, or made where the first folder above it is that exists.
 * @returns what was found, in a sentence
 */
export async function writableAt(name: string, path: string): Promise<string> {
  let existing = path;
  for (;;) {
    try {
      await access(existing, constants.W_OK);
      return existing === path ? `${path} can be written to` : `${path} can be made`;
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || dirname(existing) === existing) {
        throw fileError(name, `looking at ${existing}`, error);
      }
      existing = dirname(existing);
    }
  }
}
