import { setMaxListeners } from 'node:events';
import { stopped } from '../../errors.ts';
import type { Parcel, RowSink, SinkTools } from '../port.ts';
import { Acks } from './acks.ts';
import { check } from './check.ts';
import { type Ack, Collector } from './collector.ts';
import { type HecEvent, type Labels, eventMaker, inBatches } from './events.ts';
import { type Refusal, settle } from './settle.ts';
import { type Wire, openWire } from './wire.ts';

export type SplunkOptions = Labels & {
  /** Of the event collector, such as `https://splunk.acme.test:8088`; `/services/collector/…` comes after it. */
  url: string;
  token: string;
  /** Of `audit_events`; other tables have `auditlake:<table>`. */
  sourcetype: string;
  /**
   * Whether to wait until events are indexed. `auto`: if the token has indexer acknowledgement. `on`: always, and a
   * token without it is an error. `off`: no; what Splunk has accepted and loses afterwards is lost there.
   */
  ack: Ack;
  /** How long an acknowledgement is waited for before the events are sent again, in ms. */
  ackTimeout: number;
  /** Of one request, in ms. */
  timeout: number;
  /** PEM of further certificate authorities. */
  caFile: string | undefined;
};

/** Batches sent and not acknowledged yet: 8 MB at most, so that waiting for one does not stop the others. */
const IN_FLIGHT = 8;

const PATIENCE_MS = 60_000;

/**
 * Delivers rows to the HTTP Event Collector of Splunk. Every event arrives at least once; one arrives twice only if an
 * acknowledgement or an answer got lost, with the same uid and revision.
 *
 * @param patience ms without a success after which a delivery is given up
 */
export function openSplunk(name: string, options: SplunkOptions, patience = PATIENCE_MS): RowSink {
  // One more for the questions about acknowledgements: behind slow batches they would come too late.
  const wire = openWire(name, options, IN_FLIGHT + 1);
  return {
    kind: 'rows',
    deliver: (parcel, tools) => deliver(parcel, tools, { name, wire, options, patience }),
    check: ({ signal }) => check(wire, { ...options, signal }),
    close: () => wire.close(),
  };
}

type Opened = { name: string; wire: Wire; options: SplunkOptions; patience: number };

async function deliver(
  parcel: Parcel,
  tools: SinkTools,
  { name, wire, options, patience }: Opened,
): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([tools.signal, ending.signal]);
  // Each request under way listens to it: more than the ten that Node takes for a leak.
  setMaxListeners(0, signal);
  const collector = new Collector(wire, { ack: options.ack, patience, signal, now: tools.now });
  const acks = new Acks(
    (channel, ids) => collector.indexed(channel, ids),
    options.ackTimeout,
    signal,
  );
  const line = {
    wire,
    collector,
    acks,
    onWarning: (text: string) => tools.onWarning(`${name}: ${text}`),
  };

  const underWay: { batch: [HecEvent, ...HecEvent[]]; outcome: Promise<Refusal[]> }[] = [];
  let rows = 0;
  /** The position moves batch by batch in their order, whichever is acknowledged first. */
  const finishFirst = async (): Promise<void> => {
    const first = underWay.shift();
    if (first === undefined) return;
    const { batch, outcome } = first;
    const refusals = await outcome;
    for (const { event, reason } of refusals) await parcel.setAside(event, reason);
    const taken = batch.length - refusals.length;
    await parcel.delivered((batch.at(-1) ?? batch[0]).position, taken);
    rows += taken;
    tools.onProgress(`${name}: ${rows} rows`);
  };

  try {
    // The first goes alone: where a token is refused, nothing else was sent.
    let room = 1;
    const toEvent = eventMaker(parcel.table, options);
    for await (const batch of inBatches(parcel.rows('auditlake'), toEvent)) {
      signal.throwIfAborted();
      if (underWay.length >= room) {
        await finishFirst();
        room = IN_FLIGHT;
      }
      const outcome = settle(batch, line);
      // Its failure is reported when its turn comes; until then it must not count as unhandled.
      outcome.catch(() => undefined);
      underWay.push({ batch, outcome });
    }
    while (underWay.length > 0) await finishFirst();
  } catch (error) {
    if (tools.signal.aborted) throw stopped();
    throw error;
  } finally {
    // After a failure, what comes later must not go on behind the caller's back.
    ending.abort();
    await Promise.allSettled(underWay.map(({ outcome }) => outcome));
  }
}
