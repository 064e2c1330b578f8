import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sliceList } from '../../src/extract/slice/json.ts';
import { MalformedBody } from '../../src/extract/slice/malformed-body.ts';

const slice = (text: string, keys = ['items']) => {
  const { records, envelope } = sliceList(Buffer.from(text), keys);
  return { records: records.map((record) => record.toString('utf8')), envelope };
};

const space = fc
  .array(fc.constantFrom(' ', '\n', '\r', '\t'), { maxLength: 3 })
  .map((s) => s.join(''));

/** Text that is full of what could mislead a scanner for brackets and quotes. */
const trickyText = fc
  .array(fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', 'items', 'é', '😀', '\n', 'a'))
  .map((parts) => parts.join(''));

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    trickyText,
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(trickyText, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** A JSON text of the value, laid out in one of several ways. */
const record = fc
  .tuple(value, fc.constantFrom(undefined, 1, '\t'))
  .map(([content, indent]) => JSON.stringify(content, null, indent));

/** Records with the white space before and after each. */
const spacedRecords = fc.array(fc.tuple(space, record, space), { maxLength: 8 });

const joined = (records: [string, string, string][], pad: string): string =>
  records.length === 0 ? pad : records.map((parts) => parts.join('')).join(',');

describe('a list is cut into exactly the texts it was made of', () => {
  test('under a key, among other members', () => {
    fc.assert(
      fc.property(spacedRecords, space, trickyText, value, (records, pad, text, other) => {
        const before = `"text":${JSON.stringify(text)}${pad},"other":${JSON.stringify({ items: other })}`;
        const body = `${pad}{${before},${pad}"items"${pad}:${pad}[${joined(records, pad)}]${pad},"total":7}${pad}`;
        const { records: cut, envelope } = slice(body);
        expect(cut).toEqual(records.map(([, content]) => content));
        expect(envelope).toMatchObject({ text, items: [], total: 7 });
      }),
      { numRuns: 300 },
    );
  });

  test('as the body itself', () => {
    fc.assert(
      fc.property(spacedRecords, space, (records, pad) => {
        const { records: cut, envelope } = slice(`${pad}[${joined(records, pad)}]${pad}`);
        expect(cut).toEqual(records.map(([, content]) => content));
        expect(envelope).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test('a body that is cut anywhere is malformed', () => {
  fc.assert(
    fc.property(spacedRecords, fc.double({ min: 0, max: 1, noNaN: true }), (records, share) => {
      const body = Buffer.from(`{"total":3,"items":[${joined(records, '')}],"limit":"]}"}`);
      const end = Math.min(body.length - 1, Math.floor(share * body.length));
      expect(() => sliceList(body.subarray(0, end), ['items'])).toThrow(MalformedBody);
    }),
    { numRuns: 500 },
  );
});

describe('records stay as they were sent', () => {
  const texts = [
    '{"n":12345678901234567890.10}',
    '{"b":1,"a":2,"b":3}',
    String.raw`{"s":"\u00e9\ud800\/"}`,
    String.raw`{"s":"\\"}`,
    String.raw`{"s":"\\\"]},["}`,
    '{"deep":[[[{"items":[1,{"items":[]}]}]]]}',
    '"]"',
    '[]',
    '-0.0e+5',
  ];
  test.each(texts)('%s', (text) => {
    expect(slice(`{"items":[${text}]}`).records).toEqual([text]);
    expect(slice(`{"items":[1,${text} , ${text}]}`).records).toEqual(['1', text, text]);
  });

  test('bytes that are not UTF-8', () => {
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    const body = Buffer.concat([Buffer.from('{"items":['), bytes, Buffer.from(']}')]);
    expect(sliceList(body, ['items']).records[0]?.equals(bytes)).toBe(true);
  });
});

describe('which list is meant', () => {
  test('either of the keys will do', () => {
    expect(slice('{"data":[1],"meta":{}}', ['items', 'data']).records).toEqual(['1']);
  });
  test('a list of that name deeper down is not it', () => {
    expect(slice('{"meta":{"items":[9]},"items":[1]}').records).toEqual(['1']);
  });
  test('a text of that name is not it', () => {
    expect(slice('{"kind":"items","items":[1]}').records).toEqual(['1']);
  });
});

test.each([
  ['nothing', ''],
  ['a web page', '<!doctype html><html></html>'],
  ['a text', '"items"'],
  ['no such list', '{"events":[1]}'],
  ['null instead of the list', '{"items":null}'],
  ['a comma at the end', '{"items":[1,]}'],
  ['a comma at the beginning', '{"items":[,1]}'],
  ['an empty place', '{"items":[1,,2]}'],
  ['something after the end', '{"items":[1]} x'],
  ['a list that closes otherwise', '{"items":[1}'],
])('%s is malformed', (_what, body) => {
  expect(() => slice(body)).toThrow(MalformedBody);
});
