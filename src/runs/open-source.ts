import type { SourceConfig } from '../config/sources.ts';
import type { SourceReader } from '../extract/port.ts';
import type { Context } from './context.ts';

/** Opens a configured source. Nothing is sent yet. */
export function openSource(context: Context, source: SourceConfig): SourceReader {
  const { config, env, output, signal, now } = context;
  const { name, vendor, baseUrl, token, options, secrets } = source;
  const { concurrency, timeout, caFile } = config;
  return vendor.open({
    source: name,
    baseUrl,
    token,
    options,
    secrets,
    concurrency,
    timeout,
    caFile,
    env,
    signal,
    now,
    onRetry(error, waitMs) {
      output.log.warn({ source: name, code: error.code, waitMs }, error.message);
    },
  });
}
