import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Acks } from './acks.ts';
import type { Collector, Sent } from './collector.ts';
import type { HecEvent } from './events.ts';
import { hopeless, neverAcknowledged } from './failures.ts';
import type { Wire } from './wire.ts';

const pack = promisify(gzip);

/** A receiver that takes and never acknowledges would get the same events without end. */
const MOST_SENDS = 4;

/** So many refused and none taken: it is not the events that are wrong. */
const HOPELESS = 20;

/** A collector takes a megabyte and more: one that is too large at this size is refused by something in between. */
const SMALL = 100_000;

export type Refusal = { event: HecEvent; reason: string };

export type Line = {
  wire: Wire;
  collector: Collector;
  acks: Acks;
  onWarning(text: string): void;
};

/**
 * Sends events until each is indexed or refused for good.
 *
 * Where the collector names an event that it does not take, those before it are in the index and those after it are
 * not (observed of Splunk 10; documented nowhere, and other receivers of this protocol take none). So what comes
 * before is believed to be there only if it is acknowledged by number, and is sent again otherwise: twice is better
 * than never. Where it names none, halves are sent until it is found.
 *
 * @throws AuditlakeError; what was sent by then may be in the index
 */
export async function settle(events: readonly HecEvent[], line: Line): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  let taken = 0;

  const isIndexed = async (sent: Sent): Promise<boolean> => {
    const { channel, verdict } = sent;
    // Without acknowledgements, being accepted is all that a receiver ever says.
    if (channel === null || verdict.ackId === null) return verdict.kind === 'taken';
    const isAcknowledged = await line.acks.wait(channel, verdict.ackId);
    // It may have restarted.
    if (!isAcknowledged) line.collector.renewChannel(channel);
    return isAcknowledged;
  };

  const refuse = (event: HecEvent, reason: string): void => {
    refusals.push({ event, reason });
    if (taken > 0 || refusals.length < HOPELESS) return;
    throw hopeless(line.wire, refusals.length, reason);
  };

  const send = async (part: readonly HecEvent[]): Promise<void> => {
    let rest = part;
    let sends = 0;
    while (rest.length > 0) {
      const sent = await line.collector.send(await pack(rest.map(({ text }) => text).join('\n')));
      const { verdict } = sent;
      if (verdict.kind === 'taken') {
        sends += 1;
        if (await isIndexed(sent)) {
          taken += rest.length;
          return;
        }
        if (sends === MOST_SENDS) throw neverAcknowledged(line.wire, rest.length, sends);
        line.onWarning(
          `${rest.length} events were accepted and not acknowledged in time: they are sent again, and may be in the index twice`,
        );
        continue;
      }
      sends = 0;
      const at = rest.length === 1 ? 0 : verdict.event;
      const refused = at === null ? undefined : rest[at];
      if (at === null || refused === undefined) {
        const middle = Math.ceil(rest.length / 2);
        await send(rest.slice(0, middle));
        rest = rest.slice(middle);
        continue;
      }
      if (verdict.tooLarge === true && refused.text.length < SMALL) {
        throw hopeless(line.wire, 1, `${verdict.words}, for ${refused.text.length} bytes`);
      }
      const before = rest.slice(0, at);
      if (before.length > 0 && (await isIndexed(sent))) taken += before.length;
      else await send(before);
      refuse(refused, verdict.words);
      rest = rest.slice(at + 1);
    }
  };

  await send(events);
  return refusals;
}
