import { z } from 'zod';
import { version } from './common.ts';

const parameter = z.object({
  name: z.string(),
  type: z.enum(['instant', 'date', 'month', 'text', 'integer', 'number']),
  required: z.boolean(),
  default: z.union([z.string(), z.number(), z.null()]).describe('As a person would write it.'),
  says: z.string(),
});

const question = z.object({
  name: z.string(),
  title: z.string(),
  answers: z.string(),
  own: z.boolean().describe('Whether the user’s folder has it.'),
  parameters: z.array(parameter),
  columns: z.record(z.string(), z.string()).describe('What each column of the answer means.'),
  not_answered: z
    .array(z.string())
    .describe('The configured vendors that it cannot be answered for, and why.'),
});

export const askDocument = z.object({
  version,
  questions: z.array(question),
  faulty: z
    .array(z.object({ file: z.string(), faults: z.array(z.string()) }))
    .describe('Files that hold no question, and why.'),
});

export type AskDocument = z.infer<typeof askDocument>;
