import { during } from '../platform/progress.ts';
import type { RunDocument } from '../documents/run.ts';
import type { ExitCode } from '../errors.ts';
import type { SourceReader } from '../extract/port.ts';
import type { Archive } from '../state/archive.ts';
import type { Context } from './context.ts';
import { writesToStdout } from './deliver/open-sinks.ts';
import { selectSinks } from './deliver/select-sinks.ts';
import type { StreamJob } from './job.ts';
import { openSource } from './open-source.ts';
import type { OpenHome } from './home.ts';
import { diagnose } from './diagnose.ts';
import { outcomeOf, type Piece } from './outcome.ts';
import { type PipelineResult, runPipeline } from './pipeline.ts';
import { readingProgress } from './progress.ts';
import { readSources, type ReadReport } from './read-sources.ts';
import { isRequired, type Selection } from './sources.ts';

/** What a command ends with. */
export type Done<Document> = {
  document: Document;
  exit: ExitCode;
  /** A sink writes its rows to standard output: the report has to go elsewhere. */
  rowsOnStdout?: boolean;
};

/** A job on the streams that are wanted, from the vendors' answers to warehouse, lake and sinks. */
export async function runStreams(
  context: Context,
  wants: Selection,
  jobFor: (archive: Archive) => StreamJob,
): Promise<Done<RunDocument>> {
  const sinks = selectSinks(context, []);
  const run = await runPipeline(context, {
    work: (home) => readWanted(context, wants, jobFor(home.archive), home),
    appends: true,
    sinks,
  });
  const rowsOnStdout = sinks.some(writesToStdout);
  return { document: runDocumentOf(run), exit: run.exit, rowsOnStdout };
}

async function readWanted(
  context: Context,
  wants: Selection,
  job: StreamJob,
  { archive, loader }: OpenHome,
): Promise<Piece<ReadReport>> {
  const { config, output, signal, now } = context;
  const configured = new Map(config.sources.map((source) => [source.name, source]));
  const wanted = config.sources.filter((source) => wants.source(source.name));
  const sources: SourceReader[] = [];
  try {
    // One by one: the first may create a file that the next one reads.
    for (const source of wanted) sources.push(await openSource(context, source));
    const progress = readingProgress(() => performance.now());
    const read = await during(output, 'reading', (report) =>
      readSources(job, {
        archive,
        sources,
        wants: (source, stream) => wants.stream(source, stream),
        isRequired: (source, reader) => isRequired(configured.get(source), reader),
        onBatch: (batch) => loader.offer(batch),
        onProgress: (at) => report(progress(at)),
        signal,
        now,
      }),
    );
    // Whoever collects the log can show with it later that nothing was cut off or replaced.
    output.log.info({ head: read.report.head }, 'head of the ledger');
    return read;
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

function runDocumentOf(run: PipelineResult<ReadReport>): RunDocument {
  const { run_id, started_at, finished_at, streams, quirks, head } = run.job.report;
  const sinks = run.sinks.map(({ report }) => report);
  const warehouse = run.warehouse.report;
  const lake = run.lake?.report ?? null;
  return {
    version: 1,
    run_id,
    outcome: outcomeOf(run.exit),
    started_at,
    finished_at,
    streams,
    sinks,
    quirks,
    diagnosis: diagnose({ streams, sinks, warehouse, lake }),
    head,
    warehouse,
    lake,
  };
}
