import { assert, jsonValue, pre, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentHash } from '../../src/state/content-hash.ts';

const of = (text: string): string => contentHash(Buffer.from(text), '').join(' ');

/** What texts and other digits of a number are taken for. */
const read = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(part)
      ? Number(part)
      : part,
  );

test.each([
  ['the order of keys', '{"a":1,"b":{"c":[1,2],"d":null}}', '{"b":{"d":null,"c":[1,2]},"a":1}'],
  ['white space', '{"a":[1,true]}', ' {\n\t"a" : [ 1 , true ] }\r\n'],
  [
    'escapes',
    '{"é/\\"\\\\":"\u{1f600}x\\n"}',
    '{"\\u00e9\\/\\u0022\\u005C":"\\ud83d\\ude00\\u0078\\u000A"}',
  ],
  ['numbers as texts', '{"a":1,"b":-0.5}', '{"a":"1","b":"-0.50"}'],
  ['digits of a number', '[1,1000,0,15e-1,-2]', '[1.0,1e3,-0.0,1.50,-20E-1]'],
  ['a number that needs many digits', '[12345678901234567890]', '["12345678901234567890"]'],
])('%s make no difference', (_, one, other) => {
  expect(of(other)).toBe(of(one));
});

test.each([
  ['{"a":1}', '{"a":2}'],
  ['{"a":1}', '{"b":1}'],
  ['[1,2]', '[2,1]'],
  ['[12345678901234567890]', '[12345678901234567891]'],
  ['["007"]', '[7]'],
  ['["1 "]', '[1]'],
  ['["true"]', '[true]'],
  ['[null]', '[]'],
  ['{"a":null}', '{}'],
  ['["\\ud800"]', '["\\ud801"]'],
  ['["\\ud800"]', '["\\\\ud800"]'],
  ['["a,b"]', '["a","b"]'],
  ['{"a":"b\\",\\"c"}', '{"a":"b","c":""}'],
])('%s is not %s', (one, other) => {
  expect(of(one)).not.toBe(of(other));
});

test.each([
  '',
  '{',
  '{"a":NaN}',
  '[1,]',
  '{"a":01}',
  '{a:1}',
  '[1] x',
  '"\\x"',
  'nul',
  '[1 2]',
  '["',
])('what is no JSON, like %s, is only itself', (text) => {
  expect(of(text)).toBe(of(text));
  expect(of(`${text} `)).not.toBe(of(text));
});

test('a record that is nested too deeply is only itself', () => {
  const deep = '['.repeat(1_000_000);
  expect(of(deep)).toBe(of(deep));
  expect(of(`${deep} `)).not.toBe(of(deep));
});

describe('any JSON', () => {
  test('written in another way is the same', () => {
    assert(
      property(jsonValue(), (value) => {
        const turned = JSON.stringify(value, (_, part: unknown) => {
          const isObject = typeof part === 'object' && part !== null && !Array.isArray(part);
          return isObject ? Object.fromEntries(Object.entries(part).toReversed()) : part;
        });
        const spaced = JSON.stringify(value, null, 2).replaceAll('/', '\\/');
        const plain = of(JSON.stringify(value));
        expect(of(turned)).toBe(plain);
        expect(of(spaced)).toBe(plain);
      }),
    );
  });

  test('that differs is not', () => {
    assert(
      property(jsonValue(), jsonValue(), (one, other) => {
        pre(read(one) !== read(other));
        expect(of(JSON.stringify(one))).not.toBe(of(JSON.stringify(other)));
      }),
    );
  });
});
