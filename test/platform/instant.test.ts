import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  string,
  tuple,
} from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, firstRow, openDatabase } from '../../src/load/database.ts';
import { INSTANT_SQL, instantOf, isCredible } from '../../src/platform/instant.ts';

const AT = Date.UTC(2026, 10, 29, 21, 20, 0);

const READ: readonly [stated: unknown, at: string | null][] = [
  ['2026-11-29T21:20:00Z', '2026-11-29T21:20:00.000Z'],
  ['2026-11-29T21:20:00.123456789Z', '2026-11-29T21:20:00.123Z'],
  ['2026-11-29T21:20:00,5Z', '2026-11-29T21:20:00.500Z'],
  ['2026-11-29T21:20Z', '2026-11-29T21:20:00.000Z'],
  ['2026-11-29T21:20', '2026-11-29T21:20:00.000Z'],
  ['2026-11-29', '2026-11-29T00:00:00.000Z'],
  [' 2026-11-29 21:20:00 \n', '2026-11-29T21:20:00.000Z'],
  ['2026-11-29t21:20:00z', '2026-11-29T21:20:00.000Z'],
  ['2026-11-29 21:20:00 UTC', '2026-11-29T21:20:00.000Z'],
  ['2026-11-29T21:20:00-07', '2026-11-30T04:20:00.000Z'],
  ['2026-11-29T21:20:00-0730', '2026-11-30T04:50:00.000Z'],
  ['2026-11-29 21:20:00 +05:30', '2026-11-29T15:50:00.000Z'],
  ['2026-02-28T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['2028-02-29T10:00:00Z', '2028-02-29T10:00:00.000Z'],
  ['2026-02-29T10:00:00Z', null],
  ['2026-02-30T10:00:00Z', null],
  ['2026-04-31', null],
  ['2026-13-01T10:00:00Z', null],
  ['2026-11-29T24:00:00Z', null],
  ['2026-11-29T25:00:00Z', null],
  ['2026-11-29T21:60:00Z', null],
  ['2026-11-29T23:59:60Z', null],
  ['2026-11-29T21:20:00+19:00', null],
  ['2026-11-29T21:20:00 Europe/Berlin', null],
  ['2026-11-29T', null],
  ['1999-12-31T23:59:59Z', null],
  ['2100-01-01T00:00:00Z', null],
  ['9999-12-31T23:59:59Z', null],
  ['+010021-01-01T00:00:00Z', null],
  ['1970-01-01T00:00:00Z', null],
  [AT / 1000, '2026-11-29T21:20:00.000Z'],
  [AT / 1000 + 0.25, '2026-11-29T21:20:00.250Z'],
  [AT, '2026-11-29T21:20:00.000Z'],
  [AT * 1e3, '2026-11-29T21:20:00.000Z'],
  [AT * 1e6, '2026-11-29T21:20:00.000Z'],
  [String(AT), '2026-11-29T21:20:00.000Z'],
  ['1.7959944e9', '2026-11-29T23:20:00.000Z'],
  [946_684_800, '2000-01-01T00:00:00.000Z'],
  [946_684_799, null],
  [4_102_444_800, null],
  [0, null],
  [-5, null],
  [1e20, null],
  ['1e999', null],
  ['infinity', null],
  ['20261129', null],
  ['', null],
  ['soon', null],
  [true, null],
  [null, null],
];

let database: Database;

beforeAll(async () => {
  database = await openDatabase(':memory:', { spill: '' });
  await database.connection.run(`create schema internal; ${INSTANT_SQL}`);
});

afterAll(() => database.close());

/** As a mapping reads them: every scalar of a record is a text there. */
async function inSql(stated: readonly unknown[]): Promise<(number | null)[]> {
  const { connection } = database;
  const reader = await connection.runAndReadAll(
    `select epoch_ms(internal.instant_of(stated)) as at
     from (select unnest(from_json($stated, '["VARCHAR"]')) as stated)`,
    { stated: JSON.stringify(stated) },
  );
  return reader.getRows().map(([at]) => (at === null ? null : Number(at)));
}

const digits = (n: number, most: number) =>
  integer({ min: 0, max: most }).map((value) => String(value).padStart(n, '0'));
const part = (...texts: string[]) => constantFrom('', ...texts);

describe('the rule for instants', () => {
  test.each(READ)('%j', async (stated, expected) => {
    const at = instantOf(stated);
    expect(at === null ? null : new Date(at).toISOString()).toBe(expected);
    expect(await inSql([stated])).toEqual([at]);
  });

  test('the archive and the tables read every time alike', async () => {
    const iso = tuple(
      part(' ', '+', '\t'),
      oneof(
        digits(4, 9999),
        digits(2, 99).map((year) => `20${year}`),
      ),
      digits(2, 13),
      digits(2, 32),
      part('T', ' ', 't', 'X'),
      digits(2, 25),
      digits(2, 61),
      oneof(
        constant(''),
        digits(2, 61).map((second) => `:${second}`),
      ),
      oneof(
        constant(''),
        digits(1, 99_999_999).map((fraction) => `.${fraction}`),
      ),
      part('Z', 'z', 'UTC', '+01', '-07:30', '+0530', ' +00:00', '+19:00', 'CET'),
    ).map(([before, year, month, day, t, hour, minute, second, fraction, zone]) =>
      t === ''
        ? `${before}${year}-${month}-${day}`
        : `${before}${year}-${month}-${day}${t}${hour}:${minute}${second}${fraction}${zone}`,
    );
    const unix = double({ min: 900_000_000, max: 4_200_000_000, noNaN: true });
    const number = tuple(unix, constantFrom(1, 1e3, 1e6, 1e9)).map(
      ([seconds, unit]) => seconds * unit,
    );
    const stated = oneof(iso, number, number.map(String), double(), string());
    await assert(
      asyncProperty(array(stated, { minLength: 100, maxLength: 100 }), async (values) => {
        expect(await inSql(values)).toEqual(values.map(instantOf));
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    [0, true],
    [60_000, true],
    [86_400_000, true],
    [86_400_001, false],
    [-9 * 366 * 86_400_000, true],
    [-11 * 366 * 86_400_000, false],
  ])('%d ms from when it was read', async (from, credible) => {
    expect(isCredible(AT + from, AT)).toBe(credible);
    const found = await firstRow(
      database.connection,
      'select internal.is_credible(make_timestamptz($at::bigint), make_timestamptz($read::bigint)) as credible',
      { at: BigInt(AT + from) * 1000n, read: BigInt(AT) * 1000n },
    );
    expect(found['credible']).toBe(credible);
  });
});
