/** What the intake's answers mean. Pure. */
import { z } from 'zod';
import { AuditlakeError, EXIT } from '../../../src/errors.ts';

/** `later` may pass by itself; `refused` is about the row at this index alone. */
export type Verdict =
  | { kind: 'accepted'; receipt: string }
  | { kind: 'refused'; row: number; why: string }
  | { kind: 'later'; why: string }
  | { kind: 'person'; why: string };

const ACCEPTED = z.object({ receipt: z.string() });
const REFUSED = z.object({ row: z.int(), why: z.string() });

export function judge(status: number, body: string): Verdict {
  const why = `status ${status}`;
  if (status === 202) return { kind: 'accepted', ...ACCEPTED.parse(JSON.parse(body)) };
  if (status === 422) return { kind: 'refused', ...REFUSED.parse(JSON.parse(body)) };
  return status === 429 || status >= 500 ? { kind: 'later', why } : { kind: 'person', why };
}

export function intakeError(
  name: string,
  verdict: 'later' | 'person',
  why: string,
): AuditlakeError {
  return verdict === 'later'
    ? new AuditlakeError('intake-busy', `${name}: ${why}`, 'the next run goes on', EXIT.incomplete)
    : new AuditlakeError('intake-refused', `${name}: ${why}`, 'check url and key', EXIT.person);
}
