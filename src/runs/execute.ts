import type { Context } from './context.ts';
import type { SinkResult } from './deliver/delivery.ts';
import { type ExitCode, worstExit } from '../errors.ts';
import type { RunJob, RunReport } from './run.ts';
import type { Archive } from '../state/archive.ts';
import { deliver, deliveriesOf, deliveryExits, onStdout } from '../commands/deliveries.ts';
import { derive, type Derived, exitOf } from './derived.ts';
import { runJob, type Selection } from './run-job.ts';
import { withArchive } from './with-archive.ts';

export type Executed = {
  report: RunReport;
  derived: Derived;
  delivered: SinkResult[];
  /** A sink has standard output for its rows: the report has to go elsewhere. */
  rowsOnStdout: boolean;
  exit: ExitCode;
};

/** One job from the vendors' answers to warehouse, lake and sinks. Reports, whatever went wrong on the way. */
export async function execute(
  context: Context,
  wants: Selection,
  jobFor: (archive: Archive) => RunJob,
): Promise<Executed> {
  const sinks = deliveriesOf(context, []);
  const onMessage = (text: string): void => context.output.log.warn(text);
  return await withArchive(context, onMessage, async (archive, loader) => {
    archive.ledger.requireKey();
    const report = await runJob(context, jobFor(archive), wants, { archive, loader });
    const derived = await derive(context, loader, { fresh: false });
    const delivered = await deliver(context, archive, sinks, null);
    return {
      report,
      derived,
      delivered,
      rowsOnStdout: sinks.some(onStdout),
      exit: worstExit([report.exit, exitOf(derived), ...deliveryExits(delivered)]),
    };
  });
}
