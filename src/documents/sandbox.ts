import { z } from 'zod';
import { version } from './common.ts';

export const sandboxDocument = z.object({
  version,
  variables: z.record(z.string(), z.string()).describe('To be set where auditlake is to read it.'),
});

export type SandboxDocument = z.infer<typeof sandboxDocument>;
