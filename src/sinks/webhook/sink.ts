import type { RetryPolicy } from '../../http/retry.ts';
import { defineSink, type SinkConnection } from '../define.ts';
import type { RowSink } from '../port.ts';
import { check } from './check.ts';
import { beat } from './heartbeat.ts';
import { options, secrets } from './options.ts';
import { deliver, type Sender } from './send.ts';
import { Wire } from './wire.ts';

export const webhook = defineSink({
  type: 'webhook',
  title: 'Webhook: Slack, Teams, PagerDuty or any other',
  receives: 'rows',
  formats: ['auditlake'],
  tables: ['findings'],
  options,
  secrets,
  problem({ options: { template }, secrets: { routingKey } }) {
    if ((template === 'pagerduty') === (routingKey !== null)) return null;
    return template === 'pagerduty'
      ? { key: 'routingKey', what: 'is missing', hint: 'PagerDuty names the service by it' }
      : { key: 'routingKey', what: 'goes with template: pagerduty', hint: 'leave it out' };
  },
  open: (name, configured, connection) =>
    openWebhook(name, { ...configured.options, ...configured.secrets, ...connection }),
});

export type Settings = Omit<Sender, 'wire'> &
  Pick<SinkConnection, 'timeout' | 'caFile' | 'env'> & { heartbeat: string | null };

/** However many attempts a minute has room for. */
export const RETRY: RetryPolicy = {
  attempts: Infinity,
  firstPause: 500,
  longestPause: 10_000,
  longestRetryAfter: 60_000,
  giveUpAfter: 60_000,
};

/** Delivers findings to whoever takes them by HTTP: at least once, with the same `webhook-id` where it is the same again. */
export function openWebhook(name: string, settings: Settings, policy = RETRY): RowSink {
  const { url, heartbeat, routingKey, signingKey } = settings;
  const hidden = [url, heartbeat, routingKey, signingKey].filter((secret) => secret !== null);
  const wire = new Wire(name, { ...settings, secrets: hidden }, policy);
  return {
    kind: 'rows',
    deliver: (delivery, tools) => deliver(delivery, tools, { ...settings, wire }),
    async finished(report, tools) {
      if (heartbeat !== null) await beat(report, tools, { wire, url: heartbeat, signingKey });
    },
    check: ({ signal }) => check(wire, url, signal),
    close: () => wire.close(),
  };
}
