/** What the operating system's answers mean for a delivery. */
import { AuditlakeError, EXIT, messageOf, type ExitCode } from '../../errors.ts';

/** By the system's error code; every other error may pass by itself. */
const MEANING: Readonly<Record<string, { exit: ExitCode; hint: string }>> = {
  ENOSPC: {
    exit: EXIT.incomplete,
    hint: 'free space on that disk: the next run continues from here',
  },
  EDQUOT: { exit: EXIT.incomplete, hint: 'raise the quota: the next run continues from here' },
  EACCES: { exit: EXIT.person, hint: 'let the user that runs auditlake write there' },
  EPERM: { exit: EXIT.person, hint: 'let the user that runs auditlake write there' },
  EROFS: { exit: EXIT.person, hint: 'mount it writable, or set another path' },
  EISDIR: { exit: EXIT.person, hint: 'it is a folder: end the path with a slash for files in it' },
  EEXIST: { exit: EXIT.person, hint: 'a part of the path is a file: set another path' },
  ENOTDIR: { exit: EXIT.person, hint: 'a part of the path is a file: set another path' },
};

/** @param what what was attempted, such as `writing to /var/log/ai.ndjson` */
export function fileError(name: string, what: string, error: unknown): AuditlakeError {
  if (error instanceof AuditlakeError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const { exit, hint } = MEANING[code] ?? {
    exit: EXIT.incomplete,
    hint: 'look at that path and its disk: the next run continues from here',
  };
  const message = `sink ${name}: ${what} failed: ${messageOf(error)}`;
  return new AuditlakeError('ndjson-file', message, hint, exit, error);
}

/** The file is not one that this sink wrote. */
export function foreignFile(name: string, what: string): AuditlakeError {
  return new AuditlakeError(
    'ndjson-file',
    `sink ${name}: ${what}`,
    'set the path to a file for this sink alone, or to a folder with a slash at its end',
    EXIT.person,
  );
}

export function stdoutError(name: string, error: unknown): AuditlakeError {
  return new AuditlakeError(
    'ndjson-stdout',
    `sink ${name}: writing to standard output failed: ${messageOf(error)}`,
    'whatever read it has ended: start it again and run `auditlake deliver`, which continues from here',
    EXIT.incomplete,
    error,
  );
}
