import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeScrubber } from '../../src/platform/secrets.ts';
import { unescaped } from '../../src/platform/unescaped.ts';

test.each([
  ['nothing', ['nothing']],
  ['100%', ['100%']],
  ['a%3Ab', ['a%3Ab', 'a:b']],
  ['a%253Ab', ['a%253Ab', 'a%3Ab', 'a:b']],
  [String.raw`\u0041\\u0042`, [String.raw`\u0041\\u0042`, 'AB']],
  ['&#65;&#x042;&#X43;', ['&#65;&#x042;&#X43;', 'ABC']],
  ['&#9999999;', ['&#9999999;']],
  [
    '%25252525252541',
    ['%25252525252541', '%252525252541', '%2525252541', '%25252541', '%252541', null],
  ],
])('%j', (text, forms) => {
  expect([...unescaped(text)]).toEqual(forms);
});

const TOKEN = 'cog_0123456789abcdef-XYZ';

const escapes: ((code: number) => string)[] = [
  (code) => String.fromCharCode(code),
  (code) => `%${code.toString(16)}`,
  (code) => `%25${code.toString(16).toUpperCase()}`,
  (code) => `%2525${code.toString(16)}`,
  (code) => `\\u00${code.toString(16)}`,
  (code) => `\\\\u00${code.toString(16)}`,
  (code) => `&#${code};`,
  (code) => `&#x0${code.toString(16)};`,
];

test('a secret is found whichever of its characters are escaped, and however', () => {
  const each = fc.array(fc.constantFrom(...escapes), {
    minLength: TOKEN.length,
    maxLength: TOKEN.length,
  });
  const scrub = makeScrubber([TOKEN, 'another-secret-1']);
  fc.assert(
    fc.property(each, fc.constantFrom('', 'a%20b ', 'é&#8364;"'), (forms, before) => {
      const text = forms.map((form, i) => form(TOKEN.charCodeAt(i))).join('');
      expect(scrub(`${before}${text} and`)).toBe(`${before}[secret] and`);
    }),
  );
});
