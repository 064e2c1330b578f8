import type { Context } from '../runs/context.ts';
import { reconcileJob } from '../runs/reconcile.ts';
import { streamKey } from '../state/carried.ts';
import { prunedWindows } from '../state/ledger-queries.ts';
import { execute, type Executed } from '../runs/execute.ts';
import { selection } from '../runs/run-job.ts';

/** Compares closed days of the logs with the vendor, up to so many per log, and reads what is missing. */
export async function reconcile(context: Context, days: number): Promise<Executed> {
  const { lookback } = context.config;
  return await execute(context, selection(context, []), (archive) => {
    const { totals, checked } = archive.ledger.state;
    return reconcileJob({
      days,
      lookback,
      async known(source, stream) {
        const key = streamKey(source, stream);
        const pruned = await prunedWindows(archive, source, stream);
        return { totals: totals[key] ?? null, upTo: checked[key] ?? null, pruned };
      },
    });
  });
}
