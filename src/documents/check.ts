import { z } from 'zod';
import { exitCode, version } from './common.ts';

const exit = exitCode.describe(
  'The exit code that it gives the command; 0 for what is as it should be.',
);

const finding = z.object({
  subject: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  hint: z.string(),
  exit,
});

const endpoint = z.object({
  source: z.string(),
  stream: z.string(),
  endpoint: z.string(),
  since: z.string().nullable().describe('The vendor’s version that brought it.'),
  needs: z.string().nullable().describe('The permission that it takes.'),
  available: z.boolean(),
  detail: z.string(),
  hint: z.string(),
  exit,
});

export const checkDocument = z.object({
  version,
  origins: z.record(z.string(), z.string()).describe('Where each setting comes from.'),
  values: z.record(z.string(), z.string()).describe('What each setting is; secrets are left out.'),
  findings: z.array(finding),
  endpoints: z.array(endpoint),
});

export type CheckDocument = z.infer<typeof checkDocument>;
export type Finding = CheckDocument['findings'][number];
export type Endpoint = CheckDocument['endpoints'][number];
