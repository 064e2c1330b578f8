import { tokenVariables } from '../config/set-up.ts';
import type { SourceConfig } from '../config/sources.ts';
import { usageError } from '../errors.ts';
import type { OnAnswer } from '../extract/client.ts';
import type { SourceReader, StreamReader } from '../extract/port.ts';
import { nearestOr } from '../platform/nearest.ts';
import type { Context } from './context.ts';
import { openSource } from './open-source.ts';

/** Which sources and streams a command is about. */
export type Selection = {
  source(name: string): boolean;
  stream(source: string, stream: string): boolean;
};

/**
 * Reads STREAM arguments: `source/stream` or a source; none for all. Before a home is touched.
 *
 * @throws AuditlakeError `usage` for a source or stream that there is not, or if no source is configured
 */
export function selectStreams(
  { config, registry }: Context,
  selected: readonly string[],
): Selection {
  const names = config.sources.map((source) => source.name);
  if (names.length === 0) {
    throw usageError(
      'no source is configured',
      `set ${tokenVariables(registry)} (or …_TOKEN_FILE), or run \`auditlake demo\` to try auditlake with generated data`,
    );
  }
  for (const item of selected) expectConfigured(item, config.sources);
  const isAll = selected.length === 0;
  return {
    source: (name) => isAll || selected.some((item) => sourceOf(item) === name),
    stream: (source, stream) =>
      isAll || selected.includes(source) || selected.includes(`${source}/${stream}`),
  };
}

/** A name without a meaning would read nothing, and the run would be called complete. */
function expectConfigured(item: string, sources: readonly SourceConfig[]): void {
  const names = sources.map(({ name }) => name);
  const source = sources.find(({ name }) => name === sourceOf(item));
  if (source === undefined) {
    throw usageError(
      `no source is named ${sourceOf(item)}`,
      nearestOr(sourceOf(item), names, `configured: ${names.join(', ')}`),
    );
  }
  const streams = source.vendor.streams.map(({ name }) => `${source.name}/${name}`);
  if (item === source.name || streams.includes(item)) return;
  throw usageError(
    `${source.name} has no stream ${item}`,
    nearestOr(item, streams, `its streams: ${streams.join(', ')}`),
  );
}

/** Opens a source for a look at it, which nothing depends on. */
export async function withSource<T>(
  context: Context,
  source: SourceConfig,
  work: (reader: SourceReader) => Promise<T>,
  onAnswer?: OnAnswer,
): Promise<T> {
  const reader = await openSource(context, source, {
    isLook: true,
    ...(onAnswer === undefined ? {} : { onAnswer }),
  });
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

/** Whether a stream must work: the configuration decides, and the vendor where it says nothing of the source. */
export function isRequired(source: SourceConfig | undefined, reader: StreamReader): boolean {
  return source?.required.includes(reader.name) ?? reader.required;
}

function sourceOf(item: string): string {
  return item.split('/')[0] ?? '';
}
