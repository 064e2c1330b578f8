import { expect, test } from 'vitest';
import { sliceEntries } from '../../src/extract/slice/entries.ts';

const entries = (body: string): [string, string][] =>
  sliceEntries(Buffer.from(body), 'data').map(({ name, bytes }) => [name, bytes.toString()]);

test.each<[string, [string, string][]]>([
  ['{"data":{}}', []],
  ['{"a":{"data":1},"data": { } }', []],
  [
    '{"data":{"a@acme.test":[{"n":1}, {"n":2}],"b":[]}}',
    [
      ['a@acme.test', '[{"n":1}, {"n":2}]'],
      ['b', '[]'],
    ],
  ],
  [
    '{"data":{ "\\u0061" : {"x":"}"} , "c":"t,", "d": 12e3,"e":null},"z":1}',
    [
      ['a', '{"x":"}"}'],
      ['c', '"t,"'],
      ['d', '12e3'],
      ['e', 'null'],
    ],
  ],
])('the fields of %s', (body, expected) => {
  expect(entries(body)).toEqual(expected);
});

test.each([
  '{"data":[]}',
  '[]',
  '{"data":{"a":1',
  '{"data":{"a":1,}}',
  '{"data":{"a" 1}}',
  '{"data":{1}}',
  '',
])('%j is malformed', (body) => {
  expect(() => entries(body)).toThrow();
});
