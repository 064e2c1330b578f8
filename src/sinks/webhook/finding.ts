import { z } from 'zod';
import { SEVERITIES, type Severity } from '../../model.ts';
import type { Row } from '../port.ts';

const FINDING = z.object({
  finding_id: z.string(),
  detection: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  source: z.string(),
  subject: z.string().nullable(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  evidence: z.array(z.string()).nullable(),
  details: z.unknown(),
  techniques: z.array(z.string()).nullable(),
  respond: z.string(),
  state: z.enum(['open', 'closed']),
  reason: z.string().nullable(),
  revision: z.number(),
});

/** A row of the table `findings`, as messages need it. */
export type Finding = z.infer<typeof FINDING>;

export function findingOf({ json }: Row): Finding {
  return FINDING.parse(JSON.parse(json));
}

/** A row that says nothing of its severity is sent. */
export function isSevere({ json }: Row, atLeast: Severity): boolean {
  const { severity } = z
    .object({ severity: z.enum(SEVERITIES).optional() })
    .parse(JSON.parse(json));
  return severity === undefined || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(atLeast);
}
