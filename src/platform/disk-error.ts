/** What a disk answers that is full, read-only, closed to this user or broken: to Node by a code, to DuckDB in its text. */
import { AuditlakeError, EXIT, messageOf } from '../errors.ts';

const SAFE = 'everything committed is safe, and the next run continues from there';

/** `isEither`: it may have been a reading, and the error does not say. */
type Kind = { codes: readonly string[]; text: RegExp; hint: string; isEither?: true };

const KINDS: readonly Kind[] = [
  {
    codes: ['ENOSPC', 'EDQUOT'],
    text: /no space left on device|disk quota exceeded|max_temp_directory_size/i,
    hint: `make room on its volume; ${SAFE}`,
  },
  {
    codes: ['EROFS'],
    text: /read-only file system/i,
    hint: `mount its volume for writing; ${SAFE}`,
  },
  {
    codes: ['EACCES', 'EPERM'],
    text: /permission denied|operation not permitted/i,
    hint: `make sure that this user may read and write there; ${SAFE}`,
    isEither: true,
  },
  {
    codes: ['EIO'],
    text: /input\/output error/i,
    hint: `its disk may be failing: look at the system's log; ${SAFE}`,
  },
];

/** What DuckDB puts aside fills the disk: it names the memory, and a setting that nobody has made. */
const SPILLED = /max_temp_directory_size/i;

/** Of an error of the disk itself; null for any other error. */
function kindOf(error: unknown): Kind | null {
  if (!(error instanceof Error) || error instanceof AuditlakeError) return null;
  const code = 'code' in error ? String(error.code) : null;
  const isOfEngine = /\b(?:IO|Out of Memory|TransactionContext|FATAL) Error\b/i.test(error.message);
  const kind = KINDS.find(
    ({ codes, text }) =>
      (code !== null && codes.includes(code)) || (isOfEngine && text.test(error.message)),
  );
  return kind ?? null;
}

export function isDiskError(error: unknown): boolean {
  return kindOf(error) !== null;
}

/**
 * Turns an error of the disk itself into one that says what to do. Returns any other error unchanged.
 *
 * @param folder where was written, if it was, and if the error does not say it better
 */
export function asDiskError(error: unknown, folder: string): unknown {
  const kind = kindOf(error);
  if (kind === null) return error;
  const { hint, isEither = false } = kind;
  if (SPILLED.test(messageOf(error))) {
    const what = `cannot write to ${folder}: no space left for what does not fit into memory`;
    return new AuditlakeError('disk', what, hint, EXIT.failed, error);
  }
  // DuckDB says first what came of it, and in the end why.
  const [, file, why] =
    /could not write (?:to )?file "([^"]+)": ([^\n]+)/i.exec(messageOf(error)) ?? [];
  const [, where = folder] = /^(.*)\/[^/]*$/.exec(file ?? '') ?? [];
  const isWriting = why !== undefined || !isEither;
  const message = isWriting
    ? `cannot write to ${where}: ${why ?? messageOf(error)}`
    : messageOf(error);
  return new AuditlakeError('disk', message, hint, EXIT.failed, error);
}
