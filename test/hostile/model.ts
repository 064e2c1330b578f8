/** A hostile source, drawn at random: its events, its clock, and what becomes of each answer while it is hostile. */
import * as fc from 'fast-check';
import { type Spell, spells } from './spells.ts';

export type HostileEvent = {
  /** Where the vendor keeps it, in minutes before now. */ ago: number;
  json: string;
};

export type HostileSource = {
  events: HostileEvent[];
  /** The `Date` header; null for the right one. */
  date: string | null;
  /** Of the requests of the hostile runs, in order; later ones are answered well. */
  spells: (Spell | null)[];
};

/** The texts are JSON: escapes stay as a vendor sends them. Each is made unique by `n`. */
const IDS: readonly ((n: number) => string)[] = [
  (n) => `"evt-${n}"`,
  (n) => `${n}`,
  (n) => `"${n}\\ud800"`,
  (n) => `"\\udc00${n}"`,
  (n) => `"${n}\\u0000"`,
  (n) => `"../../${n}"`,
  (n) => `"__proto__${n}"`,
  (n) => `"${'x'.repeat(70_000)}${n}"`,
  (n) => `"${n}\\n\\u001b[31m\\u202e"`,
  (n) => `"'; drop table events; -- ${n}"`,
  (n) => `" ${n} "`,
];

const TIMES: readonly string[] = [
  '"2026-02-30T00:00:00Z"',
  '"10021-01-01T00:00:00Z"',
  '"+010021-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.999Z"',
  '"1970-01-01T00:00:00Z"',
  '"0001-01-01"',
  '"-000044-03-15T00:00:00Z"',
  '"yesterday"',
  '""',
  'null',
  '0',
  '-1',
  '1e20',
  '1e400',
  '99999999999999999999',
  'true',
  '{}',
  '[]',
];

const DATES = [
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Sat, 01 Jan 2000 00:00:00 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'now',
  '',
];

const events: fc.Arbitrary<HostileEvent[]> = fc
  .array(
    fc.record({
      ago: fc.integer({ min: 2, max: 3 * 24 * 60 }),
      id: fc.constantFrom(...IDS),
      // Most say the truth.
      time: fc.option(fc.constantFrom(...TIMES), { freq: 2 }),
      more: fc.constantFrom('', ',"metadata":{"v":"\\ud800"}', ',"actor":null', ',"id2":{"":[]}'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ ago, id, time, more }, n) => ({
      ago,
      json: `{"id":${id(n)},"timestamp":${time ?? TRUE_TIME},"eventType":"user.login"${more}}`,
    })),
  );

/** Stands for the time at which the vendor keeps the event, until that is known. */
export const TRUE_TIME = '"$TIME"';

export const hostileSources: fc.Arbitrary<HostileSource> = fc.record({
  events,
  date: fc.option(fc.constantFrom(...DATES), { freq: 3 }),
  spells: fc.array(spells, { maxLength: 14 }),
});
