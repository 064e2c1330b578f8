/** A sink that no file of auditlake knows: it posts rows to an intake that stores them later and says so by a receipt. */
import { openTransport } from '../../../src/http/transport.ts';
import { defineSink } from '../../../src/sinks/define.ts';
import type { RowSink } from '../../../src/sinks/port.ts';
import { check } from './check.ts';
import { options, secrets } from './options.ts';
import { deliver, type Intake } from './send.ts';

export const intake = defineSink({
  type: 'acme-intake',
  title: 'Acme Intake',
  receives: 'rows',
  formats: ['auditlake', 'ocsf'],
  options,
  secrets,
  place: ({ url }) => url,
  open: (name, { options: own, secrets: { key }, format }, { timeout, caFile, env }) =>
    openIntake({
      name,
      key,
      format,
      ...own,
      transport: openTransport({ connections: 2, timeout, caFile, env, now: Date.now }),
    }),
});

export function openIntake(to: Intake): RowSink {
  return {
    kind: 'rows',
    deliver: (delivery, tools) => deliver(to, delivery, tools),
    check: (tools) => check(to, tools),
    close: () => to.transport.close(),
  };
}
