import type { z } from 'zod';
import { defineSink } from '../define.ts';
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
  open: (name, configured, { timeout, caFile }) =>
    openSplunk(name, { ...configured.options, ...configured.secrets, timeout, caFile }),
});

export type Settings = z.output<typeof options> & {
  token: string;
  /** Milliseconds, of one request. */
  timeout: number;
  caFile: string | undefined;
};

const PATIENCE_MS = 60_000;

/**
 * Delivers rows to Splunk's HTTP Event Collector. Every event arrives at least once; one arrives twice only if an
 * acknowledgement or an answer was lost, with the same uid and revision.
 *
 * @param patience ms without a success after which a delivery is given up
 */
export function openSplunk(name: string, settings: Settings, patience = PATIENCE_MS): RowSink {
  // One more for questions about acknowledgements: queued behind slow batches they would come too late.
  const wire = openWire(name, settings, BATCHES_IN_FLIGHT + 1);
  return {
    kind: 'rows',
    deliver: (delivery, tools) => deliver(delivery, tools, { name, wire, settings, patience }),
    check: ({ signal }) => check(wire, { ...settings, signal }),
    close: () => wire.close(),
  };
}
