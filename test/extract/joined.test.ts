import { expect, test } from 'vitest';
import { sliceJoined } from '../../src/extract/slice/joined.ts';
import { MalformedBody } from '../../src/extract/slice/malformed-body.ts';

const cut = (text: string): string[] =>
  sliceJoined(Buffer.from(text)).map((bytes) => bytes.toString('utf8'));

test.each([
  ['nothing', '', []],
  ['white space', ' \r\n\n', []],
  ['a line each', '{"a":1}\n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
  ['several on a line', '{"a":1}{"a":"}{"} {"a":3}', ['{"a":1}', '{"a":"}{"}', '{"a":3}']],
  ['one over several lines', '{\n "a": [1,\n 2]}\n{}', ['{\n "a": [1,\n 2]}', '{}']],
  ['a list of them', '[{"a":1}, {"a":2}]', ['{"a":1}', '{"a":2}']],
  ['an empty list', '[]', []],
  ['a byte order mark', '\uFEFF{"a":1}', ['{"a":1}']],
])('%s', (_what, text, records) => {
  expect(cut(text)).toEqual(records);
});

test.each(['{"a":1}{"a"', '{"a":1}\nnull', '{"a":"x', '[{"a":1}', '"text"', '{"a":1},{"a":2}'])(
  'refuses %s',
  (text) => {
    expect(() => cut(text)).toThrow(MalformedBody);
  },
);
