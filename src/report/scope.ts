/** What a report is about: a period, and whose events. Every query of a section begins with it. */
import { readFileSync } from 'node:fs';
import type { Millis } from '../model.ts';
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

const read = (name: string): string =>
  readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8');

const WHOSE = {
  all: read('whose-all'),
  person: read('whose-person'),
  team: read('whose-team'),
};
const SCOPE = read('scope');

/** Else it begins with a table of its own, as one more of the `with`. */
const IS_SELECT = /^(?:--.*\n)*select\b/;

/**
 * The SQL of a section with what it is about before it: `asked`, `sources_in`, `accounts_in` and `events_in`. Whose events are wanted
 * decides on the text and not on a parameter: to look for one person means to read every record.
 */
export function scoped(sql: string, { person, team }: Scope): string {
  const whose = person !== null ? WHOSE.person : team !== null ? WHOSE.team : WHOSE.all;
  const before = [SCOPE, whose].join(',\n');
  return IS_SELECT.test(sql) ? `${before}\n${sql}` : `${before},\n${sql}`;
}

/** Values of the parameters that the SQL has. */
export function parametersOf(sql: string, scope: Scope): Record<string, string> {
  const all = {
    since: iso(scope.from),
    until: iso(scope.to),
    person: scope.person ?? '',
    team: scope.team ?? '',
    vendor: scope.vendor ?? '',
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)),
  );
}

/** How long a point of a chart is, as `asked.step` says it in SQL. */
export function stepOf({ from, to }: Scope): Millis {
  return to - from > 100 * DAY ? 7 * DAY : DAY;
}
