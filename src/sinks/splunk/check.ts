import { randomUUID } from 'node:crypto';
import { acknowledged, judge } from './answers.ts';
import type { Ack } from './collector.ts';
import { ACKS, EVENTS, HEALTH, busy, noAcks, refused } from './errors.ts';
import type { Request, Wire } from './wire.ts';

/**
 * Checks that the collector is healthy, accepts the token and acknowledges as configured, without sending an event. Asking
 * about a number that was never given out changes nothing, and is refused for the same reasons as events.
 *
 * @throws AuditlakeError with exit 3 if it is not healthy, 4 if the token or its acknowledgement is not as configured
 */
export async function check(
  wire: Wire,
  options: { ack: Ack; index?: string | undefined; signal: AbortSignal },
): Promise<string> {
  const { ack, index, signal } = options;
  await mustBeHealthy(wire, signal);
  await mustKnowToken(wire, ack, signal);
  // Receivers of the protocol that are not Splunk may not have the endpoint: it is asked only where a delivery would ask.
  const acknowledges = ack !== 'off' && (await hasAcks(wire, signal));
  if (ack === 'on' && !acknowledges) {
    throw noAcks(wire, ACKS, 'ack is on, and the token has no indexer acknowledgement');
  }
  const where = index === undefined ? 'the default index of the token' : `the index ${index}`;
  return `the event collector is healthy and accepts the token, ${acknowledges ? 'with' : 'without'} indexer acknowledgement; whether it may write to ${where} shows with the first event`;
}

/** The token is known by then: what has no such endpoint has no acknowledgements. */
const NO_SUCH_ENDPOINT = new Set([404, 405, 501]);

async function mustBeHealthy(wire: Wire, signal: AbortSignal): Promise<void> {
  const { status, body } = await wire.ask({ ...HEALTH, signal });
  if (status !== 200) throw failed(wire, HEALTH, status, body);
}

/** A request without events is answered "no data" if the token is known. With acknowledgements off it has no channel, as those with events. */
async function mustKnowToken(wire: Wire, ack: Ack, signal: AbortSignal): Promise<void> {
  const headers = ack === 'off' ? {} : { 'x-splunk-request-channel': randomUUID() };
  const { status, body } = await wire.ask({ ...EVENTS, headers, body: '', signal });
  if (judge(status, body).kind !== 'refused') throw failed(wire, EVENTS, status, body);
}

async function hasAcks(wire: Wire, signal: AbortSignal): Promise<boolean> {
  const headers = {
    'content-type': 'application/json',
    'x-splunk-request-channel': randomUUID(),
  };
  const { status, body } = await wire.ask({ ...ACKS, headers, body: '{"acks":[0]}', signal });
  if (acknowledged(status, body) !== null) return true;
  if (NO_SUCH_ENDPOINT.has(status) || judge(status, body).kind === 'no-ack') return false;
  throw failed(wire, ACKS, status, body);
}

function failed(
  wire: Wire,
  endpoint: Pick<Request, 'method' | 'path'>,
  status: number,
  body: string,
): Error {
  const verdict = judge(status, body);
  if (verdict.kind === 'person') return refused(wire, endpoint, verdict);
  return busy(wire, endpoint, 'words' in verdict ? verdict.words : `status ${status}`);
}
