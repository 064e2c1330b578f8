/** Which days `verify --against-source` compares. */
import { usageError } from '../errors.ts';
import type { WhichDays } from '../runs/reconcile.ts';
import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';

export type DayOptions = {
  againstSource?: boolean;
  days?: number;
  from?: string;
  to?: string;
};

const USUAL = 31;

/**
 * @returns null where nothing is compared
 * @throws AuditlakeError `usage` for options that would have no effect
 */
export function comparedDays(options: DayOptions): WhichDays | null {
  const { againstSource = false, days, from, to } = options;
  const given = (['days', 'from', 'to'] as const).filter((name) => options[name] !== undefined);
  if (!againstSource) {
    const [first] = given;
    if (first === undefined) return null;
    throw usageError(
      `--${first} says which days are compared with the vendor, and nothing is`,
      'add --against-source',
    );
  }
  if (from === undefined && to === undefined) return { limit: days ?? USUAL };
  if (days !== undefined) {
    throw usageError('--days and --from exclude each other', 'leave out --days');
  }
  if (from === undefined || to === undefined) {
    throw usageError('--from and --to go together', 'give both; --to is not part of it');
  }
  return { from: readSetting(instant, from, '--from'), to: readSetting(instant, to, '--to') };
}
