import { z } from 'zod';
import { pathOption } from '../../settings/options.ts';

export const options = z.object({
  path: pathOption(
    'A file to append to, a folder for one file per delivery (with a slash at the end), or `-` for standard output.',
  ),
});

export type Options = z.output<typeof options>;
