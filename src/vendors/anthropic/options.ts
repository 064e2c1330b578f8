import { z } from 'zod';

export const OPTIONS = z.object({
  enterprise: z
    .boolean()
    .default(true)
    .describe(
      'Whether to ask for what only a Claude Enterprise organization has: groups, roles, spend limits, analytics.',
    ),
});

export type Options = z.output<typeof OPTIONS>;
