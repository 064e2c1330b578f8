import { usageError } from '../../errors.ts';
import { printable } from '../../platform/printable.ts';
import type { Scope } from '../../report/scope.ts';
import { type Subject, textIn } from '../../report/section.ts';
import { NAMED } from '../../questions/named.ts';
import { nearest } from '../../platform/nearest.ts';

/**
 * A report about nobody would look like one of somebody who did nothing.
 *
 * @throws AuditlakeError `usage` (exit 2) for a person, team or vendor that the warehouse does not know
 */
export async function expectKnown(ask: Subject['ask'], scope: Scope): Promise<void> {
  for (const option of ['person', 'team', 'vendor'] as const) {
    const given = scope[option];
    if (given === null) continue;
    const names = (await ask(NAMED[option].names)).map((row) => ({
      name: textIn(row, 'name'),
      said: textIn(row, 'said'),
    }));
    const wanted = option === 'person' ? given.trim().toLowerCase() : given;
    if (names.some(({ said }) => said === wanted)) continue;
    // Somebody named by a login may be known, but by another name.
    const near = nearest(wanted, [...new Set(names.map(({ name }) => name))]);
    const close = names.find(({ name }) => name === near)?.said ?? null;
    throw usageError(
      `--${option} ${printable(given)}: the warehouse knows no such ${option}`,
      close === null ? `name one that it has` : `did you mean ${printable(close)}?`,
    );
  }
}
