import { z } from 'zod';
import { baseUrlOption } from '../../../src/settings/options.ts';
import { tokenProblem } from '../../../src/settings/secrets.ts';

export const options = z.object({
  url: baseUrlOption('Address of the intake.'),
  rowsPerRequest: z.int().min(1).describe('Rows of one request.').default(200),
});

export const secrets = {
  key: { what: 'Key of the intake.', required: true, problem: tokenProblem },
} as const;
