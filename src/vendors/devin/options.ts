import { z } from 'zod';

const SCOPES = ['organization', 'team', 'user'] as const;

export const OPTIONS = z.object({
  usageScopes: z
    .array(z.enum(SCOPES))
    .default([...SCOPES])
    .describe('For whom usage figures are read; `team` means nothing here, there are no teams.'),
});

export type Options = z.output<typeof OPTIONS>;
