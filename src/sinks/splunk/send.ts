import { setMaxListeners } from 'node:events';
import { stopped } from '../../errors.ts';
import { GiveUp } from '../../http/give-up.ts';
import type { RetryPolicy } from '../../http/retry.ts';
import type { Delivery, SinkTools } from '../port.ts';
import { Acks } from './acks.ts';
import { type DeadLetter, sendBatch } from './batch.ts';
import { type Ack, Collector } from './collector.ts';
import { type HecEvent, type Labels, eventMaker, inBatches } from './encode.ts';
import type { Wire } from './wire.ts';

/** Sent and not acknowledged yet: 8 MB at most, so that waiting for one batch does not stop the others. */
export const BATCHES_IN_FLIGHT = 8;

type Sender = {
  name: string;
  wire: Wire;
  settings: Labels & { ack: Ack; ackTimeout: number };
  policy: RetryPolicy;
};

/** A batch that was sent. `done` has the events that the receiver refused for good. */
type InFlight = { batch: [HecEvent, ...HecEvent[]]; done: Promise<DeadLetter[]> };

/** Sends all rows of a delivery, several batches at a time, and acknowledges them in their order. */
export async function deliver(
  delivery: Delivery,
  tools: SinkTools,
  { name, wire, settings, policy }: Sender,
): Promise<void> {
  const ending = new AbortController();
  const giveUp = new GiveUp(policy.giveUpAfter);
  const signal = AbortSignal.any([tools.signal, ending.signal, giveUp.signal]);
  // Every request in flight listens to it: more than the ten that Node takes for a leak.
  setMaxListeners(0, signal);
  const { ack, ackTimeout } = settings;
  const collector = new Collector(wire, { ack, policy, giveUp, signal, now: tools.now });
  const ask = (channel: string, ids: readonly number[]) => collector.indexed(channel, ids);
  const acks = new Acks(ask, ackTimeout, signal);
  const onWarning = (text: string): void => tools.onWarning(`${name}: ${text}`);

  const inFlight: InFlight[] = [];
  let rows = 0;
  /** The position moves batch by batch, whichever is acknowledged first. */
  const finishFirst = async (): Promise<void> => {
    const first = inFlight.shift();
    if (first === undefined) return;
    rows += await finish(delivery, first);
    tools.onProgress(`${name}: ${rows} rows`);
  };

  try {
    // The first batch goes alone: if the token is refused, nothing else was sent.
    let room = 1;
    const toEvent = eventMaker(delivery.table, settings);
    for await (const batch of inBatches(delivery.rows('auditlake'), toEvent)) {
      signal.throwIfAborted();
      if (inFlight.length >= room) {
        await finishFirst();
        room = BATCHES_IN_FLIGHT;
      }
      const done = sendBatch(batch, { wire, collector, acks, onWarning });
      // A failure is reported when its turn comes; until then it must not count as unhandled.
      done.catch(() => undefined);
      inFlight.push({ batch, done });
    }
    while (inFlight.length > 0) await finishFirst();
  } catch (error) {
    if (tools.signal.aborted) throw stopped();
    throw error;
  } finally {
    // After a failure, later batches must not go on behind the caller's back.
    ending.abort();
    await Promise.allSettled(inFlight.map(({ done }) => done));
  }
}

/** @returns how many rows are in the index */
async function finish(delivery: Delivery, { batch, done }: InFlight): Promise<number> {
  const deadLetters = await done;
  for (const { event, reason } of deadLetters) await delivery.deadLetter(event, reason);
  const rows = batch.length - deadLetters.length;
  await delivery.acknowledged((batch.at(-1) ?? batch[0]).position, rows);
  return rows;
}
