import { z } from 'zod';
import { textOption } from '../../../src/settings/options.ts';

export const OPTIONS = z.object({
  workspace: textOption('Name of the workspace.').meta({ variable: 'QUILL_WORKSPACE' }),
  personCosts: z.boolean().default(true).describe('Whether to read what each person costs.'),
});

export type Options = { workspace: string; personCosts: boolean };
