/** How configured sinks are opened, whatever their type. */
import type { SinkConfig } from '../../config/sinks.ts';
import type { Context } from '../context.ts';
import type { RunSink } from './delivery.ts';

type OpeningContext = Pick<Context, 'config' | 'env' | 'stdout'>;

/** Sends nothing yet. */
export function runSinkOf(
  { config: { timeout, caFile }, env, stdout }: OpeningContext,
  sink: SinkConfig,
): RunSink {
  const { name, tables, declared } = sink;
  return { name, tables, open: () => declared.open(name, sink, { timeout, caFile, env, stdout }) };
}

/** Whether rows go to standard output, which then has no room for anything else. */
export function writesToStdout({ declared, options }: SinkConfig): boolean {
  return declared.usesStdout(options);
}
