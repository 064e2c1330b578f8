/**
 * The one rule of outcomes and exit codes. Pure.
 *
 * Every piece of work (a stream, the warehouse, the lake, a delivery, a finding of `check`) ends with an exit code. Its outcome
 * follows from the code, and a command ends with the worst code of its pieces.
 */
import { AuditlakeError, defect, EXIT, type ExitCode, VendorError } from '../errors.ts';
import type { Outcome, StreamError } from '../model.ts';
import { asDiskError } from '../platform/disk-error.ts';

/** How a piece of work ended. `error` is null where nothing is to be said. */
export type End<O extends Outcome = Outcome> = {
  outcome: O;
  exit: ExitCode;
  error: StreamError | null;
};

/** A piece of a run: what is reported of it, and its exit code. */
export type Piece<Report> = { report: Report; exit: ExitCode };

/** What matters of a stream for how it ended. */
export type StreamFacts = {
  required: boolean;
  /** Whether any run ever read it to the end. */
  workedBefore: boolean;
  /** The permission that it takes, as the vendor names it. */
  needs: string | null;
};

/** The contract's ranking. A configuration that was refused says less than a defect and more than a token that was. */
const WORST_FIRST: readonly ExitCode[] = [
  EXIT.integrity,
  EXIT.failed,
  EXIT.usage,
  EXIT.person,
  EXIT.incomplete,
];

/** Compares exit codes: the one that counts comes first. */
export function worstFirst(one: ExitCode, other: ExitCode): number {
  return rankOf(one) - rankOf(other);
}

function rankOf(exit: ExitCode): number {
  const rank = WORST_FIRST.indexOf(exit);
  return rank === -1 ? WORST_FIRST.length : rank;
}

/** The exit code of what consists of pieces with these. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.complete;
}

export function outcomeOf(exit: ExitCode): Exclude<Outcome, 'unavailable'> {
  if (exit === EXIT.complete) return 'complete';
  return exit === EXIT.incomplete ? 'incomplete' : 'failed';
}

/**
 * How a piece of work ended that threw `failure`, or null.
 *
 * A stream that is forbidden or not there is a failure only where it matters: where it is required, or worked before. Else
 * it is unavailable, which makes no run worse.
 */
export function endOf(failure: unknown): End<Exclude<Outcome, 'unavailable'>>;
export function endOf(failure: unknown, stream: StreamFacts): End;
export function endOf(failure: unknown, stream?: StreamFacts): End {
  if (failure === null) return { outcome: 'complete', exit: EXIT.complete, error: null };
  const error = described(failure, stream?.needs ?? null);
  if (stream !== undefined && isUnavailable(failure, stream)) {
    const exit = EXIT.complete;
    return { outcome: 'unavailable', exit, error: { ...error, exit } };
  }
  const exit = exitOf(failure);
  return { outcome: outcomeOf(exit), exit, error: { ...error, exit } };
}

function exitOf(failure: unknown): ExitCode {
  if (isStop(failure)) return EXIT.incomplete;
  return failure instanceof AuditlakeError ? failure.exit : EXIT.failed;
}

function isUnavailable(failure: unknown, { required, workedBefore }: StreamFacts): boolean {
  if (required || workedBefore || !(failure instanceof VendorError)) return false;
  return failure.fault === 'forbidden' || failure.fault === 'absent';
}

/** Ctrl-C, SIGTERM or a deadline, as Node throws it. */
function isStop(failure: unknown): boolean {
  return (
    failure instanceof Error && (failure.name === 'AbortError' || failure.name === 'TimeoutError')
  );
}

function described(failure: unknown, needs: string | null): StreamError {
  if (isStop(failure)) {
    return {
      code: 'stopped',
      message: 'stopped on request',
      hint: 'the next run continues from here',
    };
  }
  const known = asDiskError(failure, 'the disk');
  if (known instanceof AuditlakeError) {
    return { code: known.code, message: known.message, hint: hintOf(known, needs) };
  }
  const { code, message, hint } = defect(failure);
  return { code, message, hint };
}

function hintOf(error: AuditlakeError, needs: string | null): string {
  const isForbidden = error instanceof VendorError && error.fault === 'forbidden';
  return isForbidden && needs !== null ? `the token lacks a permission: ${needs}` : error.hint;
}
