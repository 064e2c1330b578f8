import { z } from 'zod';

export const OPTIONS = z.object({
  roleAssignments: z
    .boolean()
    .default(true)
    .describe(
      'Whether to ask which roles each user holds beyond `owner` and `reader`: a request per user.',
    ),
});

export type Options = z.output<typeof OPTIONS>;
