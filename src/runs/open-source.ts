import type { SourceConfig } from '../config/sources.ts';
import { LOOK_RETRY, LOOK_TIMEOUT } from '../http/retry.ts';
import type { OnAnswer } from '../extract/client.ts';
import type { SourceReader } from '../extract/port.ts';
import { throwawayKey, redactionKey } from '../state/redaction-key.ts';
import { spentRequests } from '../state/spent-requests.ts';
import type { Layout } from '../state/layout.ts';
import type { Context } from './context.ts';

/**
 * Opens a configured source. Nothing is sent yet.
 *
 * @param isLook a person waits, and nothing is lost if an answer does not come
 * @param onAnswer called with each answer that was understood
 */
export async function openSource(
  context: Context,
  source: SourceConfig,
  { isLook = false, onAnswer }: { isLook?: boolean; onAnswer?: OnAnswer } = {},
): Promise<SourceReader> {
  const { config, env, output, signal, now, layout } = context;
  const { name, vendor, baseUrl, token, options, secrets } = source;
  const { concurrency, timeout, caFile } = config;
  const hidesTexts = vendor.redactions.length > 0;
  // A look keeps nothing, and so needs no key that lasts; it writes nothing either.
  const key = hidesTexts ? (isLook ? throwawayKey() : await redactionKey(layout)) : null;
  const requests =
    vendor.budgets.length === 0 ? null : await requestsOf(layout, name, { isKept: !isLook });
  return vendor.open({
    source: name,
    baseUrl,
    token,
    options,
    secrets,
    ...(key === null ? {} : { redactionKey: key }),
    ...(requests === null ? {} : { requests }),
    concurrency,
    timeout: isLook ? Math.min(timeout, LOOK_TIMEOUT) : timeout,
    ...(isLook ? { retry: LOOK_RETRY } : {}),
    ...(onAnswer === undefined ? {} : { onAnswer }),
    caFile,
    env,
    signal,
    now,
    onRetry(error, waitMs) {
      output.log.warn({ source: name, code: error.code, waitMs }, error.message);
    },
  });
}

/** A look heeds what runs have sent. What it sends itself, a request to each endpoint, is not written down. */
async function requestsOf(layout: Layout, source: string, { isKept }: { isKept: boolean }) {
  const { load, save } = spentRequests(layout, source);
  return { spent: await load(), save: isKept ? save : () => Promise.resolve() };
}
