import type { ErrorDocument } from '../documents/error.ts';
import { AuditlakeError, defect, EXIT, type ExitCode, stopped } from '../errors.ts';
import { asDiskError } from '../platform/disk-error.ts';
import { openOutput } from '../platform/output.ts';
import { printable } from '../platform/printable.ts';
import type { Invocation } from '../runs/context.ts';
import type { Globals } from './verb.ts';

/** Says what ended a command, and gives its exit code. */
export function explain(
  error: unknown,
  secrets: readonly string[],
  { json = false, home, config }: Pick<Globals, 'json' | 'home' | 'config'>,
  invocation: Invocation,
): ExitCode {
  const named = { home, config };
  const output = openOutput({ ...invocation, secrets, logLevel: 'info', quiet: false, named });
  const ended = asAuditlakeError(error);
  if (json) output.line(errorLine(ended));
  if (ended.code === 'defect') output.log.fatal({ err: error }, 'a defect: please report it');
  output.say(screenOf(ended));
  return ended.exit;
}

/** What a person reads of an error that does not end the program. */
export function errorScreen(error: unknown): string {
  return screenOf(asAuditlakeError(error));
}

function screenOf(error: AuditlakeError): string {
  return `auditlake: ${textOf(error)}\n  what to do: ${error.hint}`;
}

/** The document of an error, on a line. */
export function errorLine({ code, message, hint }: AuditlakeError): string {
  const document: ErrorDocument = {
    version: 1,
    outcome: 'failed',
    error: { code, message, hint },
  };
  return JSON.stringify(document);
}

function asAuditlakeError(error: unknown): AuditlakeError {
  const known = asDiskError(error, 'the disk');
  if (known instanceof AuditlakeError) return known;
  if (!(error instanceof Error)) return defect(error);
  if (error.name === 'AbortError') return stopped();
  return 'syscall' in error ? refusedBySystem(error) : defect(error);
}

/** What the operating system refuses is no defect. */
function refusedBySystem(error: Error): AuditlakeError {
  return new AuditlakeError(
    'system',
    error.message,
    'make sure that this user may read and write the home, and that the machine has room; then run it again',
    EXIT.failed,
    error,
  );
}

/** DuckDB points at the mistake in the user's own SQL over several lines; vendor text stays on one. */
function textOf({ code, message }: AuditlakeError): string {
  if (code !== 'sql') return printable(message, 2000);
  return message
    .split('\n')
    .map((line) => printable(line, 500))
    .join('\n');
}
