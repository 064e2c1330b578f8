import type { ErrorDocument } from '../documents/error.ts';
import { AuditlakeError, EXIT, type ExitCode, messageOf } from '../errors.ts';
import { openOutput } from '../platform/output.ts';
import { printable } from '../platform/printable.ts';
import type { Invocation } from '../runs/context.ts';

/** Says what ended a command, and gives its exit code. */
export function explain(
  error: unknown,
  secrets: readonly string[],
  invocation: Invocation,
): ExitCode {
  const output = openOutput({ ...invocation, secrets, logLevel: 'info', quiet: false });
  const known = asSystemError(error);
  if (known instanceof AuditlakeError) {
    const { code, message, hint, exit } = known;
    if (invocation.argv.includes('--json') && exit !== EXIT.usage) {
      const document: ErrorDocument = {
        version: 1,
        outcome: 'failed',
        error: { code, message, hint },
      };
      output.line(JSON.stringify(document));
    }
    output.say(`auditlake: ${textOf(known)}\n  what to do: ${hint}`);
    return exit;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    output.say('auditlake: stopped on request; the next run goes on from here');
    return EXIT.incomplete;
  }
  output.log.fatal({ err: error }, 'a defect: please report it');
  output.say(`auditlake: ${printable(messageOf(error), 2000)}`);
  return EXIT.failed;
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
