import type { ExitCode } from '../errors.ts';
import type { Context } from '../runs/context.ts';
import type { Done } from '../runs/run-streams.ts';

/** Prints what a command ended with: the document, or the screen that shows it; into the log where rows go to standard output. */
export function print<Document extends object>(
  { json, output }: Context,
  { document, exit, rowsOnStdout = false }: Done<Document>,
  screen: (document: Document) => string,
): ExitCode {
  if (rowsOnStdout) output.log.info({ report: document }, 'the run has ended');
  else output.line(json ? JSON.stringify(document) : screen(document));
  return exit;
}
