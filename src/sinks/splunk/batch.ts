import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Acks } from './acks.ts';
import type { Collector, Sent } from './collector.ts';
import type { HecEvent } from './encode.ts';
import { neverAcknowledged, refusesEverything } from './errors.ts';
import type { Wire } from './wire.ts';
import { counted } from '../../platform/counted.ts';

const pack = promisify(gzip);

/** A receiver that accepts events and never acknowledges them would get the same ones for ever. */
const MAX_SENDS = 4;

/** After so many refusals and no success it is not the events that are wrong. */
const MAX_REFUSALS_WITHOUT_SUCCESS = 20;

/** A collector takes a megabyte and more: an event this small that is too large is refused by something in between. */
const NEVER_TOO_LARGE_BYTES = 100_000;

/** An event that the receiver refuses for good, with its words. */
export type DeadLetter = { event: HecEvent; reason: string };

/** What batches are sent with. */
export type Line = {
  wire: Wire;
  collector: Collector;
  acks: Acks;
  onWarning(text: string): void;
};

/**
 * Sends events until each is indexed or refused for good.
 *
 * Where the collector names an event that it refuses, those before it are in the index and those after it are not
 * (observed with Splunk 10, documented nowhere; other servers with this protocol index none). So the events before it are
 * believed to be there only if they are acknowledged by number, and are sent again otherwise: twice is better than never.
 * Where it names none, the batch is halved until the event is found.
 *
 * @throws AuditlakeError; what was sent by then may be in the index
 */
export async function sendBatch(events: readonly HecEvent[], line: Line): Promise<DeadLetter[]> {
  const batch = new Batch(line);
  await batch.send(events);
  return batch.deadLetters;
}

class Batch {
  readonly deadLetters: DeadLetter[] = [];
  readonly #line: Line;
  #indexed = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  async send(events: readonly HecEvent[]): Promise<void> {
    let rest = events;
    let sends = 0;
    while (rest.length > 0) {
      const body = await pack(rest.map(({ text }) => text).join('\n'));
      const sent = await this.#line.collector.send(body);
      if (sent.verdict.kind === 'accepted') {
        sends += 1;
        if (await this.#isIndexed(sent)) {
          this.#indexed += rest.length;
          return;
        }
        if (sends === MAX_SENDS) throw neverAcknowledged(this.#line.wire, rest.length, sends);
        this.#line.onWarning(
          `${counted(rest.length, 'event')} accepted and not acknowledged in time: sent again, and maybe in the index twice`,
        );
      } else {
        sends = 0;
        rest = await this.#withoutRefused(rest, sent);
      }
    }
  }

  /** Deals with the events up to and with the refused one, or with half of them. @returns those that are left to send */
  async #withoutRefused(events: readonly HecEvent[], sent: Sent): Promise<readonly HecEvent[]> {
    const { verdict } = sent;
    if (verdict.kind !== 'refused') return events;
    const at = events.length === 1 ? 0 : verdict.event;
    const refused = at === null ? undefined : events[at];
    if (at === null || refused === undefined) {
      const middle = Math.ceil(events.length / 2);
      await this.send(events.slice(0, middle));
      return events.slice(middle);
    }
    if (verdict.tooLarge === true && refused.text.length < NEVER_TOO_LARGE_BYTES) {
      const words = `${verdict.words}, for ${refused.text.length} bytes`;
      throw refusesEverything(this.#line.wire, 1, words);
    }
    const before = events.slice(0, at);
    if (before.length > 0 && (await this.#isIndexed(sent))) this.#indexed += before.length;
    else await this.send(before);
    this.#refuse(refused, verdict.words);
    return events.slice(at + 1);
  }

  #refuse(event: HecEvent, reason: string): void {
    this.deadLetters.push({ event, reason });
    const count = this.deadLetters.length;
    if (this.#indexed > 0 || count < MAX_REFUSALS_WITHOUT_SUCCESS) return;
    throw refusesEverything(this.#line.wire, count, reason);
  }

  async #isIndexed({ channel, verdict }: Sent): Promise<boolean> {
    // Without acknowledgements, that it accepted them is all that a receiver ever says.
    if (channel === null || verdict.ackId === null) return verdict.kind === 'accepted';
    const isAcknowledged = await this.#line.acks.wait(channel, verdict.ackId);
    // It may have restarted.
    if (!isAcknowledged) this.#line.collector.renewChannel(channel);
    return isAcknowledged;
  }
}
