/** How configured sources become readers: the one place that composes the vendors. */
import type { SourceConfig } from '../config/load.ts';
import type { Context } from './context.ts';
import type { VendorError } from '../errors.ts';
import { devin } from '../vendors/devin/source.ts';
import { tabnine } from '../vendors/tabnine/source.ts';
import { openTransport } from '../http/transport.ts';
import type { SourceReader } from '../model.ts';

/** Opens a source. Nothing is sent yet. */
export function openSource(context: Context, source: SourceConfig): SourceReader {
  const { config, output, signal, now } = context;
  const client = {
    baseUrl: source.baseUrl,
    token: source.token,
    concurrency: config.concurrency,
    transport: openTransport({
      connections: config.concurrency,
      timeout: config.timeout,
      caFile: config.caFile,
      env: context.env,
      now,
    }),
    signal,
    now,
    onRetry(error: VendorError, waitMs: number) {
      output.log.warn({ source: source.name, code: error.code, waitMs }, error.message);
    },
  };
  return source.type === 'tabnine'
    ? tabnine(source.name, { ...client, ...source })
    : devin(source.name, { ...client, ...source });
}
