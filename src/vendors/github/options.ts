import { z } from 'zod';
import type { CrossProblem } from '../../settings/problem.ts';
import { textOption } from '../../settings/options.ts';

export const OPTIONS = z.object({
  enterprise: textOption(
    'Short name of the enterprise, as in `github.com/enterprises/NAME`: its log, Copilot and bills are read.',
  )
    .meta({ variable: 'GITHUB_ENTERPRISE', fallback: 'no enterprise' })
    .optional(),
  organization: textOption(
    'Login of an organization: its people, teams and credentials are read; without `enterprise` its log, Copilot and bills too.',
  )
    .meta({ variable: 'GITHUB_ORG', fallback: 'no organization' })
    .optional(),
  agentRepositories: z
    .array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'))
    .default([])
    .describe(
      'Repositories, as `owner/name`, whose tasks of the coding agent and whose configuration of it are read: requests for each.',
    ),
  usageRecords: z
    .boolean()
    .default(false)
    .describe('Whether to read what was asked of agents and what they answered: content.'),
});

export type Options = z.output<typeof OPTIONS>;

export function problem({ enterprise, organization }: Options): CrossProblem | null {
  if (enterprise !== undefined || organization !== undefined) return null;
  return {
    what: 'names neither an enterprise nor an organization',
    hint: 'set GITHUB_ENTERPRISE or GITHUB_ORG, or both',
  };
}
