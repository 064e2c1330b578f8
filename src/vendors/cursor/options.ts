import { z } from 'zod';

const LEVEL_NAMES = ['team', 'organization'] as const;

export const OPTIONS = z.object({
  levels: z
    .array(z.enum(LEVEL_NAMES))
    .default(['team'])
    .describe(
      'What the key opens: the endpoints of a `team`, or those of an `organization`, of whose key the one permission decides which. With `organization` the audit log is that of all teams.',
    ),
});

export type Options = z.output<typeof OPTIONS>;
