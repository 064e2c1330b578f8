import { z } from 'zod';
import { errorNote, version } from './common.ts';

/** Of any verb that could not begin or was ended by an error. */
export const errorDocument = z.object({
  version,
  outcome: z.literal('failed'),
  error: errorNote,
});

export type ErrorDocument = z.infer<typeof errorDocument>;
