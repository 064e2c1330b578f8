import { expect, test } from 'vitest';
import { type HiddenTexts, redacted, type Redaction } from '../../src/extract/redaction.ts';

const KEY = Buffer.alloc(32, 7);
const STAND_IN = /redacted:(\d+):[0-9a-f]{32}/g;

function rule(...texts: HiddenTexts[]): Redaction {
  return { name: 'test-1', hides: 'what people wrote', texts };
}

/** What is left of a body, with `<n>` for a text of n characters that was hidden. */
function left(body: string, texts: HiddenTexts[]): string {
  return redacted(Buffer.from(body), rule(...texts), KEY)
    .toString('utf8')
    .replaceAll(STAND_IN, '<$1>');
}

test.each<[string, string, HiddenTexts[], string]>([
  [
    'a field of each element',
    '{"items":[{"id":"a","body":"secret plan"},{"body":"x"}],"body":"kept"}',
    [{ path: 'items.*.body' }],
    '{"items":[{"id":"a","body":"<11>"},{"body":"<1>"}],"body":"kept"}',
  ],
  [
    'all below a field, but for names',
    '{"e":[{"d":{"name":"n","script":"rm","deep":[{"name":"m","text":["a",1,null,true]}]}}]}',
    [{ path: 'e.*.d.**', keep: ['name'] }],
    '{"e":[{"d":{"name":"n","script":"<2>","deep":[{"name":"m","text":["<1>",1,null,true]}]}}]}',
  ],
  [
    'a field that is a text itself is not below itself',
    '{"d":"open","e":{"d":"x"}}',
    [{ path: 'd.**' }],
    '{"d":"open","e":{"d":"x"}}',
  ],
  [
    'elements of one kind, though the kind stands after the text',
    '[{"text":"a","kind":"rule"},{"kind":"rule_2","text":"a"},{"text":"a","kind":"login"}]',
    [{ path: '*.text', only: { field: 'kind', values: ['rule', 'rule_*'] } }],
    '[{"text":"<1>","kind":"rule"},{"kind":"rule_2","text":"<1>"},{"text":"a","kind":"login"}]',
  ],
  [
    'long texts, counted in characters',
    '{"a":"👍👍👍","b":"abc","c":"abcd"}',
    [{ path: '*', longerThan: 3 }],
    '{"a":"👍👍👍","b":"abc","c":"<4>"}',
  ],
  [
    'by what is meant, however it is escaped and spaced',
    '{ "\\u0061" : "x\\"y" ,\n"b":"" , "a.b":"kept"}',
    [{ path: 'a' }, { path: 'b' }],
    '{ "\\u0061" : "<3>" ,\n"b":"" , "a.b":"kept"}',
  ],
  [
    'nothing where nothing fits',
    '{"a":12345678901234567890}',
    [{ path: 'a' }],
    '{"a":12345678901234567890}',
  ],
])('hides %s', (_what, body, texts, expected) => {
  expect(left(body, texts)).toBe(expected);
});

test('one text has one hash under one key, and another under another', () => {
  const texts = rule({ path: '*' });
  const hashed = (body: string, key = KEY): string =>
    redacted(Buffer.from(body), texts, key).toString();
  expect(hashed('{"a":"x"}')).toBe(hashed('{"a":"\\u0078"}'));
  expect(hashed('{"a":"x"}')).not.toBe(hashed('{"a":"y"}'));
  expect(hashed('{"a":"x"}')).not.toBe(hashed('{"a":"x"}', Buffer.alloc(32, 8)));
});

test.each(['{"a":"secret', '"secret"', '', 'secret', '{"a":secret}'])(
  'a body %j that is no JSON is refused without a word of it',
  (body) => {
    const attempt = (): Buffer => redacted(Buffer.from(body), rule({ path: 'a' }), KEY);
    expect(attempt).toThrow(/the body is/);
    expect(attempt).not.toThrow(/secret/);
  },
);
