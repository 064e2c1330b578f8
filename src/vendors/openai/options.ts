import { z } from 'zod';

export const OPTIONS = z.object({
  roleAssignments: z
    .boolean()
    .default(true)
    .describe(
      'Whether to ask which roles each user holds beyond `owner` and `reader`: a request per user.',
    ),
  projectRoleAssignments: z
    .boolean()
    .default(false)
    .describe(
      'Whether to ask which roles each user holds within each project: a request per member of a project.',
    ),
});

export type Options = z.output<typeof OPTIONS>;
