import type { Context } from '../context.ts';
import type { ExitCode } from '../errors.ts';
import { streamKey } from '../state/ledger-line.ts';
import { syncJob } from '../sync.ts';
import { execute } from './execute.ts';
import { selection } from './run-job.ts';
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
        const at = ledger.state.retention[streamKey(source, stream)]?.measured_at;
        return at === undefined ? null : Date.parse(at);
      },
    }),
  );
  showReport(context, executed);
  return executed.exit;
}
