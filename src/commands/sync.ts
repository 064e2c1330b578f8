import { type Context, openSource } from '../context.ts';
import { type ExitCode, usageError, worstExit } from '../errors.ts';
import { sync, type SyncReport } from '../sync.ts';
import { derive, exitOf } from './derived.ts';
import { ProgressLine } from './progress.ts';
import { reportJson, reportScreen } from './sync-report.ts';
import { withArchive } from './with-archive.ts';

/** extract → archive → warehouse → lake. Always reports, whatever went wrong on the way. */
export async function syncCommand(
  context: Context,
  selected: readonly string[],
): Promise<ExitCode> {
  const { config, output, json, signal, now } = context;
  const wants = selection(context, selected);
  const onMessage = (text: string): void => output.log.warn(text);
  return await withArchive(context, onMessage, async (archive, loader) => {
    const progress = new ProgressLine(output, now);
    const readers = config.sources
      .filter((source) => wants.source(source.name))
      .map((source) => openSource(context, source));
    let report: SyncReport;
    try {
      report = await sync(
        {
          lookback: config.lookback,
          usageLookback: config.usageLookback,
          settle: config.settle,
          sources: Object.fromEntries(config.sources.map((source) => [source.name, source])),
        },
        {
          archive,
          sources: readers,
          wants: wants.stream,
          onBatch: (batch) => loader.offer(batch),
          onProgress: (at) => progress.show(at),
          signal,
          now,
        },
      );
    } finally {
      await Promise.all(readers.map((reader) => reader.close()));
    }
    const derived = await derive(context, loader, { fresh: false });
    if (json) output.line(JSON.stringify(reportJson(report, derived)));
    else output.line(reportScreen(report, derived, config.home));
    return worstExit([report.exit, exitOf(derived)]);
  });
}

/** STREAM arguments: `source/stream` or a source. */
export function selection(
  context: Context,
  selected: readonly string[],
): { source: (name: string) => boolean; stream: (source: string, stream: string) => boolean } {
  const names = context.config.sources.map((source) => source.name);
  if (names.length === 0) {
    throw usageError(
      'no source is configured',
      'set TABNINE_TOKEN or DEVIN_TOKEN (or …_TOKEN_FILE), or run `npm start` to try auditlake with generated data',
    );
  }
  for (const item of selected) {
    if (names.includes(item.split('/')[0] ?? '')) continue;
    throw usageError(`there is no source for ${item}`, `configured: ${names.join(', ')}`);
  }
  return {
    source: (name) => selected.length === 0 || selected.some((item) => item.split('/')[0] === name),
    stream: (source, stream) =>
      selected.length === 0 ||
      selected.includes(source) ||
      selected.includes(`${source}/${stream}`),
  };
}
