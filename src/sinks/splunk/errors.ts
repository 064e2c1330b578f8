/** Errors of the event collector, in words for the person who reads them. */
import { EXIT, type AuditlakeError } from '../../errors.ts';
import type { Request, Wire } from './wire.ts';
import { counted } from '../../platform/counted.ts';

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
    hint: 'Splunk is overloaded or has a fault; the next run continues from here',
    exit: EXIT.incomplete,
  });
}

/** Acknowledgements are required, and the token has none. */
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
    what: `${counted(events, 'event')} accepted ${sends} times and never acknowledged`,
    hint: 'check whether the indexers keep up, and raise ackTimeout if they are slow; a load balancer in front of several collectors needs sticky sessions. The next run continues from here',
    exit: EXIT.incomplete,
  });
}

/** Every event is refused: the cause is not in the events. */
export function refusesEverything(wire: Wire, events: number, words: string): AuditlakeError {
  return refused(wire, EVENTS, {
    words: `${counted(events, 'event')} refused one by one and none accepted; the last answer: ${words}`,
    hint: 'look for something between here and Splunk that changes the requests; no event became a dead letter',
  });
}
