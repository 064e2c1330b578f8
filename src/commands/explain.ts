import type { ErrorDocument } from '../documents/error.ts';
import { AuditlakeError, EXIT, type ExitCode, messageOf, stopped } from '../errors.ts';
import { openOutput } from '../platform/output.ts';
import { printable } from '../platform/printable.ts';
import type { Invocation } from '../runs/context.ts';

/** Says what ended a command, and gives its exit code. */
export function explain(
  error: unknown,
  secrets: readonly string[],
  json: boolean,
  invocation: Invocation,
): ExitCode {
  const output = openOutput({ ...invocation, secrets, logLevel: 'info', quiet: false });
  const ended = asAuditlakeError(asSystemError(error));
  const { code, message, hint, exit } = ended;
  if (json) {
    const document: ErrorDocument = {
      version: 1,
      outcome: 'failed',
      error: { code, message, hint },
    };
    output.line(JSON.stringify(document));
  }
  if (code === DEFECT) output.log.fatal({ err: error }, 'a defect: please report it');
  output.say(`auditlake: ${textOf(ended)}\n  what to do: ${hint}`);
  return exit;
}

const DEFECT = 'defect';

function asAuditlakeError(error: unknown): AuditlakeError {
  if (error instanceof AuditlakeError) return error;
  if (error instanceof Error && error.name === 'AbortError') return stopped();
  const hint = 'this was not foreseen: please report it with the log';
  return new AuditlakeError(DEFECT, messageOf(error), hint, EXIT.failed, error);
}

/** What the operating system refuses is no defect. Returns any other error unchanged. */
function asSystemError(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
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
