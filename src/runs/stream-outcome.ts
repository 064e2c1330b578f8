import { AuditlakeError, EXIT, type ExitCode, messageOf, VendorError } from '../errors.ts';
import type { Outcome, StreamError } from '../model.ts';

export type Verdict = { outcome: Outcome; exit: ExitCode; error: StreamError | null };

/**
 * What a stream's end means for the run. Pure.
 *
 * An endpoint that is forbidden or not there is an alarm only where it matters: where the stream is
 * required, or worked before and now does not.
 */
export function judge(
  failure: unknown,
  stream: { required: boolean; workedBefore: boolean; needs: string | null },
): Verdict {
  if (failure === null) return { outcome: 'complete', exit: EXIT.complete, error: null };
  const error = describe(failure, stream);
  if (isAbort(failure)) return { outcome: 'incomplete', exit: EXIT.incomplete, error };
  if (failure instanceof VendorError) {
    const isNo = failure.fault === 'forbidden' || failure.fault === 'absent';
    if (isNo && !stream.required && !stream.workedBefore) {
      return { outcome: 'unavailable', exit: EXIT.complete, error };
    }
    const outcome = failure.exit === EXIT.incomplete ? 'incomplete' : 'failed';
    return { outcome, exit: failure.exit, error };
  }
  const exit = failure instanceof AuditlakeError ? failure.exit : EXIT.failed;
  return { outcome: exit === EXIT.incomplete ? 'incomplete' : 'failed', exit, error };
}

/** What the user can do: where a permission is missing, which one. */
export function hintFor(error: AuditlakeError, stream: { needs: string | null }): string {
  const lacks = error instanceof VendorError && error.fault === 'forbidden';
  return lacks && stream.needs !== null
    ? `the token lacks a permission: ${stream.needs}`
    : error.hint;
}

function describe(failure: unknown, stream: { needs: string | null }): StreamError {
  if (isAbort(failure)) {
    return {
      code: 'stopped',
      message: 'stopped on request',
      hint: 'the next run goes on from here',
    };
  }
  if (failure instanceof AuditlakeError) {
    return { code: failure.code, message: failure.message, hint: hintFor(failure, stream) };
  }
  const code = (failure as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES' || code === 'EDQUOT') {
    return {
      code: 'disk',
      message: messageOf(failure),
      hint: 'make room or make the folder writable; what was committed is safe, the next run goes on',
    };
  }
  return {
    code: 'defect',
    message: messageOf(failure),
    hint: 'this was not foreseen: please report it with the log',
  };
}

function isAbort(failure: unknown): boolean {
  return (
    failure instanceof Error && (failure.name === 'AbortError' || failure.name === 'TimeoutError')
  );
}
