import { usageError } from '../../errors.ts';
import { printable } from '../../platform/printable.ts';
import type { Scope } from '../../report/scope.ts';
import { type Subject, textIn } from '../../report/section.ts';
import { nearest } from '../../settings/nearest.ts';

/** Names that the options take, by the option. A person is known by any address of theirs. */
const NAMES = {
  person: 'select distinct unnest(list_append(emails, person_id)) as name from people',
  team: 'select distinct unnest([team_id, name]) as name from teams',
  vendor: "select distinct vendor as name from ledger where kind = 'batch'",
} as const;

/**
 * A report about nobody would look like one of somebody who did nothing.
 *
 * @throws AuditlakeError `usage` (exit 2) for a person, team or vendor that the warehouse does not know
 */
export async function expectKnown(ask: Subject['ask'], scope: Scope): Promise<void> {
  for (const option of ['person', 'team', 'vendor'] as const) {
    const given = scope[option];
    if (given === null) continue;
    const names = (await ask(NAMES[option])).map((row) => textIn(row, 'name'));
    const wanted = option === 'person' ? given.trim().toLowerCase() : given;
    if (names.includes(wanted)) continue;
    const close = nearest(wanted, names);
    throw usageError(
      `--${option} ${printable(given)}: the warehouse knows no such ${option}`,
      close === null ? `name one that it has` : `did you mean ${printable(close)}?`,
    );
  }
}
