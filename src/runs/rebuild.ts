import type { RebuildDocument } from '../documents/rebuild.ts';
import type { Context } from './context.ts';
import { expectArchive } from '../state/expect-home.ts';
import { outcomeOf } from './outcome.ts';
import { nothing, runPipeline } from './pipeline.ts';
import type { Done } from './run-streams.ts';

/** Makes warehouse and lake again from the archive. The old ones serve until the new ones are whole. */
export async function rebuild(context: Context): Promise<Done<RebuildDocument>> {
  expectArchive(context.layout);
  const run = await runPipeline(context, {
    work: nothing,
    isFresh: true,
    appends: false,
    sinks: [],
  });
  const { rows, seq } = run.warehouse.report;
  const document = {
    version: 1 as const,
    outcome: outcomeOf(run.exit),
    rows,
    seq: seq ?? 0,
    warehouse: run.warehouse.report,
    lake: run.lake?.report ?? null,
  };
  return { document, exit: run.exit };
}
