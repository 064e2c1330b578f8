import { backfillJob } from '../runs/backfill.ts';
import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import type { Context } from '../runs/context.ts';
import { type ExitCode, usageError } from '../errors.ts';
import { execute } from '../runs/execute.ts';
import { selection } from '../runs/run-job.ts';
import { showReport } from './sync-report.ts';

/** Reads an old window again: for events that came later than the lookback, or a stretch that was left out at first. */
export async function backfillCommand(
  context: Context,
  selected: readonly string[],
  bounds: { from: string; to: string },
): Promise<ExitCode> {
  const from = readSetting(instant, bounds.from, '--from');
  const to = Math.min(
    readSetting(instant, bounds.to, '--to'),
    context.now() - context.config.settle,
  );
  if (from >= to) {
    throw usageError(
      'the window is empty: --from is not before --to and now',
      'write both as 2025-01-31 or 2025-01-31T12:00:00Z; --to is not part of the window',
    );
  }
  const job = backfillJob({ from, to });
  const executed = await execute(context, selection(context, selected), () => job);
  showReport(context, executed);
  return executed.exit;
}
