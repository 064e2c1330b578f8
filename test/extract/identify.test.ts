import { describe, expect, test } from 'vitest';
import { Keyer, readRow } from '../../src/extract/record.ts';
import { instantOf } from '../../src/platform/instant.ts';

const at = Date.UTC(2026, 0, 31, 12, 30, 15, 250);
const second = Date.UTC(2026, 0, 31, 12, 30, 15);

test.each<[unknown, number | null]>([
  ['2026-01-31T12:30:15.250Z', at],
  ['2026-01-31T12:30:15.25Z', at],
  ['2026-01-31T12:30:15.250999999Z', at],
  ['2026-01-31T12:30:15,250Z', at],
  ['2026-01-31 12:30:15.250', at],
  ['2026-01-31T12:30:15.250', at],
  ['2026-01-31T12:30:15z', second],
  ['2026-01-31T14:30:15+02:00', second],
  ['2026-01-31T14:30:15+0200', second],
  ['2026-01-31T07:00:15-05:30', second],
  ['  2026-01-31T12:30:15Z ', second],
  [second / 1000, second],
  [at / 1000, at],
  [at, at],
  [at + 0.75, at],
  [0, null],
  ['2026-01-31', Date.UTC(2026, 0, 31)],
  ['31.01.2026 12:30:15', null],
  ['2026-13-31T12:30:15Z', null],
  ['2026-01-31T25:30:15Z', null],
  ['', null],
  ['yesterday', null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [null, null],
  [undefined, null],
  [true, null],
  [{}, null],
])('the instant of %j is %j', (value, expected) => {
  expect(instantOf(value)).toBe(expected);
});

describe('what is read of a record', () => {
  const names = { id: ['id', 'uuid'], time: ['timestamp', 'createdAt'] };
  const read = (text: string) => {
    const { id, time } = readRow(Buffer.from(text), names);
    return { id, time };
  };
  const iso = '2026-01-31T12:30:15.250Z';
  test.each([
    [`{"id":"a","timestamp":"${iso}"}`, 'a', at],
    [`{"uuid":"b","id":"a"}`, 'a', null],
    [`{"uuid":"b","id":""}`, 'b', null],
    [`{"id":17}`, '17', null],
    [`{"id":1.5}`, null, null],
    [`{"id":null,"timestamp":"soon","createdAt":"${iso}"}`, null, at],
    ['"a text"', null, null],
    ['null', null, null],
    ['{"id":', null, null],
  ])('%s', (text, id, time) => {
    expect(read(text)).toEqual({ id, time });
  });
});

const nameless = (text: string) => ({ bytes: Buffer.from(text), id: null, time: null });

const keysOf = (texts: string[]) => {
  const keyer = new Keyer();
  return texts.map((text) => keyer.key(nameless(text)).key);
};

describe('keys of records without an id', () => {
  test('equal records stay apart', () => {
    expect(new Set(keysOf(['a', 'a', 'b', 'a'])).size).toBe(4);
  });
  test('a second reading arrives at the same keys, in whatever order', () => {
    expect(keysOf(['b', 'a', 'a']).toSorted()).toEqual(keysOf(['a', 'b', 'a']).toSorted());
  });
});
