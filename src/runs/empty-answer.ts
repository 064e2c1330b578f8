/** What it means that a question has no answer: something is named wrongly, or nothing was recorded of it. */
import { isIPv6 } from 'node:net';
import type { Bound } from '../load/query/bound.ts';
import type { JsonValue } from '../load/query/json-values.ts';
import type { QuerySession } from '../load/query/query.ts';
import { rowsIn } from '../load/query/rows.ts';
import { printable } from '../platform/printable.ts';
import { iso, minuteText } from '../platform/time.ts';
import type { Question } from '../questions/head.ts';
import { type NamedKind, nearestTo, saidOfNone, sayingsOf } from '../questions/named.ts';

export type Asked = {
  question: Pick<Question, 'parameters' | 'needs'>;
  parameters: Readonly<Record<string, Bound | null>>;
};

/**
 * The same question, of a person who was named otherwise than by an address: by a login, by the id or by the name of an account; and of an
 * IP address that vendors write in another way.
 *
 * @returns what to say of it, too
 */
export async function byAddress(
  { question, parameters }: Asked,
  session: QuerySession,
): Promise<{ parameters: Asked['parameters']; says: string[] }> {
  const says: string[] = [];
  const addressed = { ...parameters };
  for (const { name, kind, given } of namesIn({ question, parameters })) {
    const asked = kind === 'ip_address' ? shortest(given) : given;
    if (kind === 'ip_address' ? asked === given : kind !== 'person' || given.includes('@'))
      continue;
    const [address, ...others] = await first(session, sayingsOf(kind), asked);
    if (address === undefined || others.length > 0) continue;
    addressed[name] = { type: 'text', value: address };
    says.push(`${printable(given)} is ${printable(address)}: this is the answer for that address`);
  }
  return { parameters: addressed, says };
}

/** One IPv6 address can be written in many ways; vendors use the shortest. */
function shortest(given: string): string {
  // As in a URL, and with the interface that a machine of one's own came by.
  const bare = given
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : given;
}

/** Lines for a person who sees no row. */
export async function whyEmpty(asked: Asked, session: QuerySession): Promise<string[]> {
  const unknown: string[] = [];
  for (const { kind, given } of namesIn(asked)) {
    const meant = await first(session, sayingsOf(kind), given);
    if (meant.some((said) => kind !== 'person' || said === given.trim().toLowerCase())) continue;
    const nearest = nearestTo(kind);
    const near =
      meant.length > 0 || nearest === null ? meant : await first(session, nearest, given);
    const hint = near.length === 0 ? '' : `; did you mean ${near.map(shown).join(' or ')}?`;
    unknown.push(`${saidOfNone(kind, printable(given))}${hint}`);
  }
  return unknown.length > 0 ? unknown : [await nothingOfIt(asked, session)];
}

const shown = (text: string): string => printable(text);

type Given = { name: string; kind: NamedKind; given: string };

function namesIn({ question, parameters }: Asked): Given[] {
  return Object.entries(question.parameters).flatMap(([name, { names }]) => {
    const value = parameters[name];
    if (names === undefined || value?.type !== 'text') return [];
    return [{ name, kind: names, given: value.value }];
  });
}

const EVENTS = 'select min(occurred_at), max(occurred_at) from audit_events';
const FIGURES = 'select min(period_start), max(period_end) from usage_metrics';
const READ = 'select max(finished_at) from runs';

async function nothingOfIt(
  { question, parameters }: Asked,
  session: QuerySession,
): Promise<string> {
  const { since, until } = parameters;
  const [read] = await row(session, READ);
  if (read === undefined || read === null) return 'nothing was read yet';
  if (since?.type !== 'instant') return `nothing was found in what was read up to ${at(read)}`;
  const isOfFigures = question.needs.some((need) => /^(measure|target:figure)/.test(need));
  const [what, sql] = isOfFigures ? ['figures', FIGURES] : ['events', EVENTS];
  const [from, to] = await row(session, sql);
  const end = until?.type === 'instant' ? ` to ${minuteText(iso(until.value))}` : '';
  const recorded =
    from === null
      ? `no ${what} are recorded`
      : `${what} are recorded from ${at(from)} to ${at(to)}`;
  return `nothing was found from ${minuteText(iso(since.value))}${end}; ${recorded}`;
}

function at(value: JsonValue | undefined): string {
  return typeof value === 'string' ? minuteText(value) : '';
}

async function row(session: QuerySession, sql: string): Promise<JsonValue[]> {
  for await (const values of rowsIn(await session.run(sql), new AbortController().signal))
    return values;
  return [];
}

async function first(session: QuerySession, sql: string, given: string): Promise<string[]> {
  const found: string[] = [];
  const answer = await session.run(sql, { parameters: { given } });
  for await (const [said] of rowsIn(answer, new AbortController().signal)) {
    if (typeof said === 'string' && found.push(said) === 3) break;
  }
  return found;
}
