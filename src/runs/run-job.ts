import { tokenVariables } from '../config/set-up.ts';
import type { Context } from './context.ts';
import { openSource } from './open-source.ts';
import { usageError } from '../errors.ts';
import type { Loader } from './loader.ts';
import { run, type RunJob, type RunReport } from './run.ts';
import type { Archive } from '../state/archive.ts';
import { ProgressLine } from './progress.ts';

/** Executes a job on the sources that are wanted, with its progress shown. The archive is open and locked. */
export async function runJob(
  context: Context,
  job: RunJob,
  wants: Selection,
  { archive, loader }: { archive: Archive; loader: Loader },
): Promise<RunReport> {
  const { config, output, signal, now } = context;
  const progress = new ProgressLine(output, now);
  const sources = config.sources
    .filter((source) => wants.source(source.name))
    .map((source) => openSource(context, source));
  const required = new Map(config.sources.map((source) => [source.name, source.required]));
  try {
    const report = await run(job, {
      archive,
      sources,
      wants: wants.stream,
      required: (source) => required.get(source),
      onBatch: (batch) => loader.offer(batch),
      onProgress: (at) => progress.show(at),
      signal,
      now,
    });
    // Kept by whoever collects the log, it shows later that nothing was cut off or replaced.
    output.log.info({ head: report.head }, 'head of the ledger');
    return report;
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

export type Selection = {
  source: (name: string) => boolean;
  stream: (source: string, stream: string) => boolean;
};

/** STREAM arguments: `source/stream` or a source. Checked before a home is touched. */
export function selection(context: Context, selected: readonly string[]): Selection {
  const names = context.config.sources.map((source) => source.name);
  if (names.length === 0) {
    throw usageError(
      'no source is configured',
      `set ${tokenVariables(context.registry)} (or …_TOKEN_FILE), or run \`npm start\` to try auditlake with generated data`,
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
