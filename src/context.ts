/** What every command is given, and how configured sources become readers: the one place that composes the vendors. */
import type { Config, SourceConfig } from './config.ts';
import { tabnine } from './extract/tabnine/source.ts';
import { openTransport } from './extract/transport.ts';
import type { SourceReader } from './model.ts';
import type { Output } from './output.ts';
import { type Layout, layout } from './state/layout.ts';

export type Context = {
  config: Config;
  layout: Layout;
  output: Output;
  json: boolean;
  signal: AbortSignal;
  now: () => number;
};

const VENDORS = { tabnine } as const;

export function contextOf(
  config: Config,
  rest: Omit<Context, 'config' | 'layout' | 'now'>,
): Context {
  return { config, layout: layout(config.home), now: Date.now, ...rest };
}

/** Opens a source. Nothing is sent yet. */
export function openSource(context: Context, source: SourceConfig): SourceReader {
  const { config, output, signal, now } = context;
  return VENDORS[source.type](source.name, {
    ...source,
    concurrency: config.concurrency,
    transport: openTransport({
      connections: config.concurrency,
      timeout: config.timeout,
      caFile: config.caFile,
      now,
    }),
    signal,
    now,
    onRetry(error, waitMs) {
      output.log.warn({ source: source.name, code: error.code, waitMs }, error.message);
    },
  });
}
