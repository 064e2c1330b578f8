import type { Context } from '../context.ts';
import { type ExitCode, worstExit } from '../errors.ts';
import { streamKey } from '../state/ledger-line.ts';
import { syncJob } from '../sync.ts';
import { deliver, deliveriesOf, deliveryExits, onStdout } from './deliveries.ts';
import { derive, exitOf } from './derived.ts';
import { runJob, selection } from './run-job.ts';
import { reportJson, reportScreen } from './sync-report.ts';
import { withArchive } from './with-archive.ts';

/** extract → archive → warehouse → lake. Always reports, whatever went wrong on the way. */
export async function syncCommand(
  context: Context,
  selected: readonly string[],
): Promise<ExitCode> {
  const { config, output, json } = context;
  const wants = selection(context, selected);
  const sinks = deliveriesOf(context, []);
  const onMessage = (text: string): void => output.log.warn(text);
  return await withArchive(context, onMessage, async (archive, loader) => {
    const starts = new Map(config.sources.map(({ name, start }) => [name, start]));
    const { retention } = archive.ledger.state;
    const job = syncJob({
      ...config,
      start: (source) => starts.get(source) ?? null,
      measured(source, stream) {
        const at = retention[streamKey(source, stream)]?.measured_at;
        return at === undefined ? null : Date.parse(at);
      },
    });
    const report = await runJob(context, job, wants, { archive, loader });
    const derived = await derive(context, loader, { fresh: false });
    const delivered = await deliver(context, archive, sinks, null);
    if (sinks.some(onStdout)) {
      output.log.info({ report: reportJson(report, derived, delivered) }, 'the run is over');
    } else if (json) output.line(JSON.stringify(reportJson(report, derived, delivered)));
    else output.line(reportScreen(report, derived, config.home, delivered));
    return worstExit([report.exit, exitOf(derived), ...deliveryExits(delivered)]);
  });
}
