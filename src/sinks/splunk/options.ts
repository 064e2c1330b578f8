import { z } from 'zod';
import { baseUrlOption, durationOption, textOption } from '../../settings/options.ts';
import { tokenProblem } from '../../settings/secrets.ts';

export const options = z.object({
  url: baseUrlOption(
    'Address of the HTTP Event Collector, such as `https://splunk.acme.test:8088`; `/services/collector/…` is appended to it.',
  ),
  index: textOption('Index to write to.')
    .optional()
    .meta({ fallback: 'the default index of the token' }),
  sourcetype: textOption(
    'Sourcetype of audit events; rows of another table have `auditlake:<table>`.',
  ).default('auditlake:event'),
  source: textOption('`source` of every event.').optional().meta({ fallback: 'Splunk’s own' }),
  host: textOption('`host` of every event.').optional().meta({ fallback: 'Splunk’s own' }),
  ack: z
    .enum(['auto', 'on', 'off'])
    .describe(
      'Whether to wait until events are indexed. `auto`: if the token has indexer acknowledgement. `on`: always, and a token without it is an error. `off`: never; what Splunk accepts and then loses is lost there.',
    )
    .default('auto'),
  ackTimeout: durationOption(
    'How long to wait for an acknowledgement before events are sent again.',
  ).prefault('30s'),
});

export const secrets = {
  token: { what: 'Token of the HTTP Event Collector.', required: true, problem: tokenProblem },
} as const;

export type Options = z.output<typeof options>;
