/** What a parameter is written as, and what it means. Pure: now is an argument. */
import type { Bound } from '../load/query/bound.ts';
import type { Millis } from '../model.ts';
import { DURATION, duration } from '../settings/duration.ts';
import { instant } from '../settings/instant.ts';
import type { Problem } from '../settings/problem.ts';
import type { NamedKind } from './named.ts';

export const PARAMETER_TYPES = ['instant', 'date', 'month', 'text', 'integer', 'number'] as const;

type Type = (typeof PARAMETER_TYPES)[number];

/** As a head declares it. `default`: as a person would write it; null for none, left out where a value has to be given. */
export type Parameter = {
  type: Type;
  default?: string | number | null | undefined;
  says: string;
  /** What a text names, so that a name that there is not can be said. */
  names?: NamedKind | undefined;
  /** The only texts that it takes. */
  oneOf?: readonly string[] | undefined;
  /** The lowest number that it takes. */
  atLeast?: number | undefined;
};

/** How a value may be written, for messages and the guide. */
export const WRITTEN_AS: Readonly<Record<Type, string>> = {
  instant: '`7d` (that long ago), `now`, `2026-10-31` or `2026-10-31T12:00:00Z`',
  date: '`7d` (that long ago), `today` or `2026-10-31`',
  month: '`this`, `last` or `2026-10`',
  text: 'a text',
  integer: 'a whole number',
  number: 'a number',
};

/** Options of the command, which no parameter can be called. */
const RESERVED = ['config', 'csv', 'help', 'home', 'json', 'quiet', 'timezone', 'to', 'vertical'];

export function isReserved(name: string): boolean {
  return RESERVED.includes(name);
}

/** What is wrong with a declaration; null if nothing is. */
export function parameterFault(parameter: Parameter): string | null {
  const { type, default: fallback, names, oneOf, atLeast } = parameter;
  if (type !== 'text' && (names !== undefined || oneOf !== undefined)) {
    return 'only a text has `names` or `oneOf`';
  }
  if (atLeast !== undefined && type !== 'integer' && type !== 'number') {
    return 'only a number has `atLeast`';
  }
  if (fallback === undefined || fallback === null) return null;
  const value = valueOf(parameter, String(fallback), 0);
  return 'what' in value ? `the default ${value.what}` : null;
}

/** A parameter without a default has to be given. */
export function isRequired({ default: fallback }: Parameter): boolean {
  return fallback === undefined;
}

/** The value of a text, or what is wrong with it. */
export function valueOf(
  { type, atLeast = -Infinity }: Pick<Parameter, 'type' | 'atLeast'>,
  text: string,
  now: Millis,
): Bound | Problem {
  const value = READERS[type](text, now);
  if (typeof value === 'number' && value < atLeast) {
    return { what: `is less than ${atLeast}`, hint: `write ${atLeast} or more` };
  }
  if (value !== null) return bindable(type, value);
  return { what: `is not ${nameOf(type)}`, hint: `write ${WRITTEN_AS[type].replaceAll('`', '')}` };
}

/** The value where none is given. */
export function defaultOf(parameter: Parameter, now: Millis): Bound | null {
  const { default: fallback } = parameter;
  if (fallback === undefined || fallback === null) return null;
  const value = valueOf(parameter, String(fallback), now);
  return 'what' in value ? null : value;
}

/** Any value of a type, to try SQL with. */
export function sampleOf(type: Type): Bound {
  const samples = {
    instant: 'now',
    date: 'today',
    month: 'this',
    text: 'a',
    integer: '1',
    number: '1',
  };
  return bindable(type, READERS[type](samples[type], 0));
}

function bindable(type: Type, value: Millis | string | null): Bound {
  return { type: type === 'month' ? 'date' : type, value } as Bound;
}

/** Instants and dates as milliseconds, a month as those of its first day. */
const READERS: Readonly<Record<Type, (text: string, now: Millis) => Millis | string | null>> = {
  instant: (text, now) => (text === 'now' ? now : (ago(text, now) ?? instantOf(text))),
  date: (text, now) => {
    const at = text === 'today' ? now : (ago(text, now) ?? dateOf(text));
    return at === null ? null : dayOf(at);
  },
  month: (text, now) => {
    if (text === 'this') return monthOf(now);
    if (text === 'last') return monthOf(monthOf(now) - 1);
    return /^\d{4}-\d{2}$/.test(text) ? instantOf(`${text}-01`) : null;
  },
  text: (text) => text,
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : null),
  number: (text) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : null),
};

function ago(text: string, now: Millis): Millis | null {
  if (!DURATION.test(text)) return null;
  const length = duration(text);
  return typeof length === 'number' ? now - length : null;
}

function instantOf(text: string): Millis | null {
  const at = instant(text);
  return typeof at === 'number' ? at : null;
}

function dateOf(text: string): Millis | null {
  return text.length === '2026-10-31'.length ? instantOf(text) : null;
}

function dayOf(at: Millis): Millis {
  return Date.parse(new Date(at).toISOString().slice(0, 10));
}

function monthOf(at: Millis): Millis {
  return Date.parse(`${new Date(at).toISOString().slice(0, 7)}-01`);
}

function nameOf(type: Type): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
