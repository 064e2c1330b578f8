/** What a report is about: a period, and whose events. */
import { sqlNextTo } from '../platform/sql-file.ts';
import type { Millis } from '../model.ts';
import type { Workbench } from '../load/query/workbench.ts';
import { DAY, iso } from '../platform/time.ts';

export type Scope = {
  /** Half-open: `to` is not part of it. */
  from: Millis;
  to: Millis;
  /** An address that the person is known by. */
  person: string | null;
  /** The name or the id of a team at any vendor. */
  team: string | null;
  vendor: string | null;
};

const read = sqlNextTo(import.meta.url);

const SCOPE = read('scope');
const GRANTS = read('whose-grants');
/** To look for one person means to read every record, so it is other SQL and not another parameter. */
const WHOSE = {
  all: read('whose-all'),
  person: read('whose-person'),
  team: read('whose-team'),
};

/** Makes what the sections read: `asked`, `sources_in`, `accounts_in`, `events_in` and `grants_in`. */
export async function makeScope(workbench: Workbench, scope: Scope): Promise<void> {
  const { person, team, vendor } = scope;
  const parameters = {
    since: iso(scope.from),
    until: iso(scope.to),
    person: person ?? '',
    team: team ?? '',
    vendor: vendor ?? '',
  };
  const whose = person !== null ? WHOSE.person : team !== null ? WHOSE.team : WHOSE.all;
  for (const sql of [SCOPE, whose, GRANTS].flatMap(statementsOf)) {
    const named = Object.entries(parameters).filter(([name]) => sql.includes(`$${name}`));
    await workbench.make(sql, Object.fromEntries(named));
  }
}

function statementsOf(text: string): string[] {
  return text.split(/;\n/).filter((sql) => sql.trim() !== '');
}

/** How long a point of a chart is, as `asked.step` says it in SQL. */
export function stepOf({ from, to }: Scope): Millis {
  return to - from > 100 * DAY ? 7 * DAY : DAY;
}
