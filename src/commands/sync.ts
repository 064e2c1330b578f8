import type { Context } from '../runs/context.ts';
import type { ExitCode } from '../errors.ts';
import { streamKey } from '../state/carried.ts';
import { syncJob } from '../runs/sync.ts';
import { execute } from '../runs/execute.ts';
import { selection } from '../runs/run-job.ts';
import { showReport } from './sync-report.ts';

/** extract → archive → warehouse → lake. */
export async function syncCommand(
  context: Context,
  selected: readonly string[],
): Promise<ExitCode> {
  const { config } = context;
  const starts = new Map(config.sources.map(({ name, start }) => [name, start]));
  const executed = await execute(context, selection(context, selected), ({ ledger }) =>
    syncJob({
      ...config,
      start: (source) => starts.get(source) ?? null,
      measured(source, stream) {
        const last = ledger.state.retention[streamKey(source, stream)];
        // What could not be found out is asked again in the next run.
        return last == null || last.oldest_served === null ? null : Date.parse(last.measured_at);
      },
    }),
  );
  showReport(context, executed);
  return executed.exit;
}
