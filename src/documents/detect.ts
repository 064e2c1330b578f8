import { z } from 'zod';
import {
  count,
  diagnosis,
  errorNote,
  head,
  instant,
  lake,
  openFindings,
  outcome,
  severity,
  sink,
  version,
  warehouse,
} from './common.ts';

const detectedBy = z.object({
  detection: z.string().describe('The name of its file.'),
  severity: severity.optional().describe('Left out where the file cannot be read.'),
  outcome,
  rule_changed: z
    .boolean()
    .describe('The file is another one than in the run before: all was judged again.'),
  new: count.describe('Findings that were not known.'),
  changed: count.describe('Known ones with further evidence, or that are open again.'),
  closed: count.describe('Those that have ended by themselves.'),
  not_asked: z
    .string()
    .optional()
    .describe('Why it was not asked, for example for want of a country file; its cursor stays.'),
  error: errorNote.optional(),
});

const finding = z.object({
  finding_id: z.string(),
  detection: z.string(),
  title: z.string(),
  severity,
  source: z.string(),
  subject: z.string().nullable(),
  first_seen_at: instant,
  last_seen_at: instant,
  found_at: instant,
  events: count.describe('How many events show it: the table `findings` names them.'),
});

export const detectDocument = z.object({
  version,
  run_id: z.string(),
  outcome,
  started_at: instant,
  finished_at: instant,
  detections: z.array(detectedBy),
  open: openFindings,
  findings: z
    .array(finding)
    .describe('Those that are open, the worst and newest first; at most 1,000.'),
  sinks: z.array(sink),
  diagnosis,
  head,
  warehouse,
  lake: lake.nullable(),
});

export type DetectDocument = z.infer<typeof detectDocument>;
export type DetectedBy = z.infer<typeof detectedBy>;

export const detectionsDocument = z.object({
  version,
  detections: z.array(
    z.object({
      detection: z.string(),
      severity,
      title: z.string(),
      techniques: z.array(z.string()).describe('MITRE ATT&CK and ATLAS ids.'),
      file: z.string(),
    }),
  ),
  faults: z.array(errorNote).describe('Files that are no detection.'),
});

export type DetectionsDocument = z.infer<typeof detectionsDocument>;
