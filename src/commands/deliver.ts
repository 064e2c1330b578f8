import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode, usageError, worstExit } from '../errors.ts';
import {
  deliver,
  deliveredScreen,
  deliveriesOf,
  deliveryExits,
  onStdout,
  sinksJson,
} from './deliveries.ts';
import { derive, exitOf } from '../runs/derived.ts';
import { overall } from '../runs/outcome.ts';
import { derivedJson, derivedScreen } from './sync-report.ts';
import { withArchive } from '../runs/with-archive.ts';

/** Brings the receivers what they do not have, or all from a seq on once more. Asks no vendor. */
export async function deliverCommand(
  context: Context,
  names: readonly string[],
  fromSeq: number | null,
): Promise<ExitCode> {
  const { output, json } = context;
  const sinks = deliveriesOf(context, names);
  if (sinks.length === 0) {
    throw usageError('no sink is configured', 'name one under `sinks` in auditlake.yaml');
  }
  const onMessage = (text: string): void => output.log.warn(text);
  return await withArchive(context, onMessage, async (archive, loader) => {
    archive.ledger.requireKey();
    const derived = await derive(context, loader, { fresh: false });
    const delivered = await deliver(context, archive, sinks, fromSeq);
    const exit = worstExit([exitOf(derived), ...deliveryExits(delivered)]);
    const report = {
      version: 1,
      outcome: overall('complete', exit),
      sinks: sinksJson(delivered),
      ...derivedJson(derived),
    };
    if (sinks.some(onStdout)) output.log.info({ report }, 'the delivery is over');
    else if (json) output.line(JSON.stringify(report));
    else {
      const lines = exitOf(derived) === EXIT.complete ? [] : derivedScreen(derived);
      output.line([...lines, ...deliveredScreen(delivered)].join('\n'));
    }
    return exit;
  });
}
