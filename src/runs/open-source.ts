import type { SourceConfig } from '../config/sources.ts';
import { LOOK_RETRY, LOOK_TIMEOUT } from '../http/retry.ts';
import type { SourceReader } from '../extract/port.ts';
import type { Context } from './context.ts';

/**
 * Opens a configured source. Nothing is sent yet.
 *
 * @param isLook a person waits, and nothing is lost if an answer does not come
 */
export function openSource(
  context: Context,
  source: SourceConfig,
  { isLook = false }: { isLook?: boolean } = {},
): SourceReader {
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
    timeout: isLook ? Math.min(timeout, LOOK_TIMEOUT) : timeout,
    ...(isLook ? { retry: LOOK_RETRY } : {}),
    caFile,
    env,
    signal,
    now,
    onRetry(error, waitMs) {
      output.log.warn({ source: name, code: error.code, waitMs }, error.message);
    },
  });
}
