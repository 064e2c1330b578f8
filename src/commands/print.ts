import { EXIT, type ExitCode } from '../errors.ts';
import type { Context } from '../runs/context.ts';
import type { Done } from '../runs/run-streams.ts';

/** Prints what was asked for: the document, or the screen that shows it; into the log where rows go to standard output. */
export function print<Document extends object>(
  { json, output }: Context,
  { document, exit, rowsOnStdout = false }: Done<Document>,
  screen: (document: Document) => string,
): ExitCode {
  if (rowsOnStdout) output.log.info({ report: document }, 'the run has ended');
  else output.line(json ? JSON.stringify(document) : output.asCalled(screen(document)));
  return exit;
}

/** Prints what was done. With --quiet a person reads of it only where something is wrong. */
export function printReport<Document extends object>(
  context: Context,
  done: Done<Document>,
  screen: (document: Document) => string,
): ExitCode {
  const isWanted = context.json || !context.quiet || done.exit !== EXIT.complete;
  return isWanted ? print(context, done, screen) : done.exit;
}
