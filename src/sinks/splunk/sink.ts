import type { z } from 'zod';
import type { RetryPolicy } from '../../http/retry.ts';
import { defineSink, type Env } from '../define.ts';
import type { RowSink } from '../port.ts';
import { check } from './check.ts';
import { options, secrets } from './options.ts';
import { BATCHES_IN_FLIGHT, deliver } from './send.ts';
import { openWire } from './wire.ts';

export const splunk = defineSink({
  type: 'splunk-hec',
  title: 'Splunk HTTP Event Collector',
  receives: 'rows',
  formats: ['auditlake'],
  options,
  secrets,
  open: (name, configured, connection) =>
    openSplunk(name, { ...configured.options, ...configured.secrets, ...connection }),
});

export type Settings = z.output<typeof options> & {
  token: string;
  /** Milliseconds, of one request. */
  timeout: number;
  caFile: string | undefined;
  /** Where proxies are named. */
  env: Env;
};

/** However many attempts a minute has room for. */
export const RETRY: RetryPolicy = {
  attempts: Infinity,
  firstPause: 250,
  longestPause: 10_000,
  longestRetryAfter: 60_000,
  giveUpAfter: 60_000,
};

/**
 * Delivers rows to Splunk's HTTP Event Collector. Every event arrives at least once; one arrives twice only if an
 * acknowledgement or an answer was lost, with the same uid and revision.
 */
export function openSplunk(name: string, settings: Settings, policy = RETRY): RowSink {
  // One more for questions about acknowledgements: queued behind slow batches they would come too late.
  const wire = openWire(name, settings, BATCHES_IN_FLIGHT + 1);
  return {
    kind: 'rows',
    deliver: (delivery, tools) => deliver(delivery, tools, { name, wire, settings, policy }),
    check: ({ signal }) => check(wire, { ...settings, signal }),
    close: () => wire.close(),
  };
}
