import type { SourceConfig } from '../config/load.ts';
import type { SourceReader } from '../extract/port.ts';
import { VENDORS } from '../vendors/index.ts';
import type { Context } from './context.ts';

/** Opens a configured source. Nothing is sent yet. */
export function openSource(context: Context, source: SourceConfig): SourceReader {
  const { config, output, signal, now } = context;
  const { name, type } = source;
  const vendor = VENDORS.find((each) => each.type === type);
  if (vendor === undefined) throw new Error(`no vendor of type ${type} is registered`);
  return vendor.open({
    source: name,
    baseUrl: source.baseUrl,
    token: source.token,
    concurrency: config.concurrency,
    timeout: config.timeout,
    caFile: config.caFile,
    env: context.env,
    signal,
    now,
    options: vendor.options.parse(source),
    secrets: { pseudonymKey: 'pseudonymKey' in source ? source.pseudonymKey : null },
    onRetry(error, waitMs) {
      output.log.warn({ source: name, code: error.code, waitMs }, error.message);
    },
  });
}
