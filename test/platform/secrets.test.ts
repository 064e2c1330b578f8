import { expect, test } from 'vitest';
import { makeScrubber } from '../../src/platform/secrets.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SECRET = 't0k/en+"ü"\\.*?';

test.each([
  ['raw', SECRET],
  ['inside JSON', JSON.stringify({ token: SECRET }).slice('{"token":"'.length, -2)],
  ['percent-encoded', encodeURIComponent(SECRET)],
  [
    'percent-encoded in lower case',
    encodeURIComponent(SECRET).replace(/%../g, (escape) => escape.toLowerCase()),
  ],
  ['base64', base64(SECRET)],
  ['base64 without padding', base64(SECRET).replaceAll('=', '')],
  ['base64url', Buffer.from(SECRET).toString('base64url')],
  ['base64 of the header', base64(`Bearer ${SECRET}`)],
])('%s', (_, form) => {
  expect(makeScrubber([SECRET])(`a ${form} b ${form}\nc ${form}`)).toBe(
    'a [secret] b [secret]\nc [secret]',
  );
});

test('a secret that begins another one leaves nothing of it', () => {
  const scrub = makeScrubber(['secret-1', 'secret-1-and-more']);
  expect(scrub('secret-1-and-more, secret-1')).toBe('[secret], [secret]');
});

test('short secrets are ignored, and no secrets change nothing', () => {
  expect(makeScrubber(['', 'abcde'])('abcde')).toBe('abcde');
  expect(makeScrubber([])('anything')).toBe('anything');
});

test('half a surrogate pair is no reason to fail', () => {
  expect(makeScrubber(['secret\ud800'])('secret\ud800')).toBe('[secret]');
});
