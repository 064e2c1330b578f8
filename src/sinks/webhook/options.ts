import { z } from 'zod';
import { SEVERITIES } from '../../model.ts';
import { baseUrl } from '../../settings/base-url.ts';
import type { Problem } from '../../settings/problem.ts';
import { shortKeyProblem, tokenProblem } from '../../settings/secrets.ts';

export const options = z.object({
  template: z
    .enum(['generic', 'slack', 'teams', 'pagerduty'])
    .describe(
      'What a request looks like: `generic` has the rows as they are, the others what these services take.',
    )
    .default('generic'),
  atLeast: z
    .enum(SEVERITIES)
    .describe('Findings that are less severe are not sent.')
    .default('low'),
});

export const secrets = {
  url: {
    what: 'Address that findings are sent to by POST; whoever has that of Slack or Teams can write there, so that it is a secret. PagerDuty: `https://events.pagerduty.com/v2/enqueue`.',
    required: true,
    problem: addressProblem,
  },
  routingKey: {
    what: 'Of PagerDuty: the integration key of the service.',
    problem: tokenProblem,
  },
  signingKey: {
    what: 'Key that requests are [signed](webhook.md#signatures) with, so that the receiver knows who sent them.',
    problem: shortKeyProblem,
  },
  heartbeat: {
    what: 'Address that gets a POST after every run that has delivered everything, for a service that raises the alarm once none comes.',
    problem: addressProblem,
  },
} as const;

/** Addresses of webhooks may have a query. */
function addressProblem(text: string): Problem | null {
  const read = baseUrl(text.replace(/\?[^#]*$/, ''));
  return typeof read === 'string' ? null : read;
}
