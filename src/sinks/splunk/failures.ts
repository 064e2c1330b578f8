/** What went wrong at the event collector, for the person who reads it. */
import { EXIT, type AuditlakeError } from '../../errors.ts';
import type { Request, Wire } from './wire.ts';

type Endpoint = Pick<Request, 'method' | 'path'>;

export const EVENTS = { method: 'POST', path: '/services/collector/event' } as const;
export const ACKS = { method: 'POST', path: '/services/collector/ack' } as const;
export const HEALTH = { method: 'GET', path: '/services/collector/health' } as const;

export function refused(
  wire: Wire,
  endpoint: Endpoint,
  { words, hint }: { words: string; hint: string },
): AuditlakeError {
  return wire.failure(endpoint, { code: 'splunk-refused', what: words, hint, exit: EXIT.person });
}

export function busy(wire: Wire, endpoint: Endpoint, words: string): AuditlakeError {
  return wire.failure(endpoint, {
    code: 'splunk-busy',
    what: words,
    hint: 'Splunk is busy or out of order; the next run goes on from here',
    exit: EXIT.incomplete,
  });
}

/** Acknowledgements are demanded, and the token has none. */
export function noAcks(wire: Wire, endpoint: Endpoint, what: string): AuditlakeError {
  return wire.failure(endpoint, {
    code: 'splunk-no-acknowledgement',
    what,
    hint: 'enable indexer acknowledgement for the token, or set ack to auto',
    exit: EXIT.person,
  });
}

export function neverAcknowledged(wire: Wire, events: number, sends: number): AuditlakeError {
  return wire.failure(EVENTS, {
    code: 'splunk-not-acknowledged',
    what: `${events} events were accepted ${sends} times and never acknowledged`,
    hint: 'look whether the indexers keep up, and raise ackTimeout if they are slow; several collectors behind one address must be sticky. The next run goes on from here',
    exit: EXIT.incomplete,
  });
}

/** Every event is refused. */
export function hopeless(wire: Wire, events: number, words: string): AuditlakeError {
  return refused(wire, EVENTS, {
    words: `${events} events were refused one by one and none was taken, lastly with ${words}`,
    hint: 'look for something between here and Splunk that changes the requests; none of them was set aside',
  });
}
