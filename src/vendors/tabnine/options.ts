import { z } from 'zod';
import type { CrossProblem } from '../../settings/problem.ts';

export const SCOPES = ['organization', 'team', 'user'] as const;
export type Scope = (typeof SCOPES)[number];

const scopes = z.array(z.enum(SCOPES));

export const OPTIONS = z.object({
  usageScopes: scopes.default([...SCOPES]).describe('For whom usage figures are read.'),
  modelScopes: scopes.optional().meta({
    description: 'For whom figures per model are read, one request per day and member.',
    fallback: '`organization`, where `usageScopes` has it',
  }),
  allowedTeams: z
    .boolean()
    .default(false)
    .describe('Read the teams open to each user, one request per user and run.'),
});

export type Options = z.output<typeof OPTIONS>;

/** For whom figures per model are read: for the organization, unless its usage is not wanted at all. */
export function modelScopesOf({ usageScopes, modelScopes }: Options): readonly Scope[] {
  return modelScopes ?? usageScopes.filter((scope) => scope === 'organization');
}

export function optionsProblem(options: Options): CrossProblem | null {
  const stray = modelScopesOf(options).find((scope) => !options.usageScopes.includes(scope));
  if (stray === undefined) return null;
  return {
    key: 'modelScopes',
    what: `names ${stray}, which usageScopes leaves out`,
    hint: 'add it to usageScopes or remove it',
  };
}
