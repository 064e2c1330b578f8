import type { SinkConfig } from '../config/sinks.ts';
import type { Context } from '../runs/context.ts';
import { deliverAll } from '../runs/deliver/deliver.ts';
import type { SinkResult } from '../runs/deliver/delivery.ts';
import { EXIT, type ExitCode, usageError } from '../errors.ts';
import { publishedGeneration } from '../load/warehouse/begin.ts';
import { runSinkOf, writesToStdout } from '../runs/deliver/open-sinks.ts';
import { printable } from '../platform/printable.ts';
import type { Archive } from '../state/archive.ts';
import { OCSF } from '../transform/ocsf.ts';

/**
 * The sinks that are wanted; all if none is named. Looked at before a home is touched.
 *
 * @throws usage for a name that is not configured, or where rows and a document would both go to standard output
 */
export function deliveriesOf({ config, json }: Context, names: readonly string[]): SinkConfig[] {
  const configured = config.sinks.map(({ name }) => name);
  for (const name of names) {
    if (configured.includes(name)) continue;
    const known = configured.length === 0 ? 'none is configured' : configured.join(', ');
    throw usageError(`there is no sink ${name}`, `configured: ${known}`);
  }
  const sinks = config.sinks.filter(({ name }) => names.length === 0 || names.includes(name));
  const [first, second] = sinks.filter(writesToStdout);
  if (first !== undefined && second !== undefined) {
    throw usageError(
      `the sinks ${first.name} and ${second.name} would both write to standard output`,
      'give one of them a file',
    );
  }
  if (first !== undefined && json) {
    throw usageError(
      `the sink ${first.name} writes rows to standard output, where --json prints a document`,
      'leave out --json: the report is in the log on stderr',
    );
  }
  return sinks;
}

/** Whether the report has to go elsewhere. */
export const onStdout = writesToStdout;

/** Delivers what the warehouse and the lake have now. */
export async function deliver(
  context: Context,
  archive: Archive,
  sinks: readonly SinkConfig[],
  fromSeq: number | null,
): Promise<SinkResult[]> {
  const { config, output, signal, now } = context;
  if (sinks.length === 0) return [];
  return deliverAll(
    sinks.map((sink) => runSinkOf(context, sink)),
    {
      archive,
      published: await publishedGeneration(config.home),
      ocsf: OCSF,
      fromSeq,
      signal,
      now,
      onProgress: (text) => output.progress(text),
      log: output.log,
    },
  );
}

export function deliveryExits(delivered: readonly SinkResult[]): ExitCode[] {
  return delivered.map(({ exit }) => exit);
}

/** As they stand in every document. */
export function sinksJson(delivered: readonly SinkResult[]): object[] {
  // Its exit code is in that of the command. What is undefined is left out.
  return delivered.map((result) => ({ ...result, exit: undefined }));
}

/** A line each. */
export function deliveredScreen(delivered: readonly SinkResult[]): string[] {
  return delivered.flatMap(({ sink, rows, seq, lag, set_aside, error, exit }) => {
    const refused = set_aside === 0 ? '' : `, ${set_aside} refused: see the table anomalies`;
    const all = `${sink}: ${rows} delivered${refused}, now at seq ${seq}`;
    if (exit === EXIT.complete || error === undefined) return [all];
    return [
      `${all}, ${lag} behind: ${printable(error.message, 500)}`,
      `  what to do: ${printable(error.hint, 500)}`,
    ];
  });
}
