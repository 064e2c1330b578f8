import type { DeliverDocument } from '../../documents/deliver.ts';
import { usageError } from '../../errors.ts';
import { expectArchive } from '../../state/expect-home.ts';
import type { Context } from '../context.ts';
import { diagnose } from '../diagnose.ts';
import { outcomeOf } from '../outcome.ts';
import { nothing, runPipeline } from '../pipeline.ts';
import type { Done } from '../run-streams.ts';
import { writesToStdout } from './open-sinks.ts';
import { selectSinks } from './select-sinks.ts';

/**
 * Brings the sinks what they do not have, or all from a seq on once more. Asks no vendor.
 *
 * @param names   the sinks; none for all
 * @param fromSeq null for what is undelivered
 */
export async function deliverNow(
  context: Context,
  names: readonly string[],
  fromSeq: number | null,
): Promise<Done<DeliverDocument>> {
  const sinks = selectSinks(context, names);
  if (sinks.length === 0) {
    throw usageError('no sink is configured', 'name one under `sinks` in auditlake.yaml');
  }
  expectArchive(context.layout);
  const run = await runPipeline(context, { work: nothing, appends: true, sinks, fromSeq });
  const pieces = {
    sinks: run.sinks.map(({ report }) => report),
    warehouse: run.warehouse.report,
    lake: run.lake?.report ?? null,
  };
  const document = {
    version: 1 as const,
    outcome: outcomeOf(run.exit),
    ...pieces,
    diagnosis: diagnose(pieces),
  };
  return { document, exit: run.exit, rowsOnStdout: sinks.some(writesToStdout) };
}
