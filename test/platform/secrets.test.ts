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
  ['inside JSON that escapes slashes', String.raw`t0k\/en+\"ü\"\\.*?`],
  ['inside JSON of ASCII alone', String.raw`t0k/en+\"\u00fc\"\\.*?`],
  ['inside JSON that escapes what HTML has', String.raw`t0k/en\u002b\u0022\u00FC\u0022\u005c.*?`],
  ['inside HTML', 't0k/en+&quot;ü&#34;&#x5C;.*?'],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
  ['percent-encoded to the last letter', eachByte(SECRET, '%')],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['in hexadecimal of upper case', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['as escapes of JSON alone', eachUnit(SECRET, String.raw`\u`)],
  ['as escapes of JSON within JSON', eachUnit(SECRET, String.raw`\\u`)],
])('%s', (_, form) => {
  expect(makeScrubber([SECRET])(`a ${form} b ${form}\nc ${form}`)).toBe(
    'a [secret] b [secret]\nc [secret]',
  );
});

function eachByte(text: string, before: string): string {
  return [...Buffer.from(text)].map((byte) => before + byte.toString(16).padStart(2, '0')).join('');
}

function eachUnit(text: string, before: string): string {
  return text
    .split('')
    .map((unit) => before + unit.charCodeAt(0).toString(16).padStart(4, '0'))
    .join('');
}

const TOKEN = 'cog_0123456789abcdefXYZ';

/** Characters of the secret that can be read again from any piece of base64 in a text. */
function readable(text: string): string {
  const runs = text.match(/[A-Za-z0-9+/_-]{4,}/g) ?? [];
  return runs.map((run) => Buffer.from(run, 'base64').toString('latin1')).join(' ');
}

test.each([
  ['without its last characters', TOKEN.slice(0, -4)],
  ['to its half', TOKEN.slice(0, 12)],
  ['and then marked as cut', `${TOKEN.slice(0, 15)}…`],
])('cut by the other side %s', (_, text) => {
  expect(makeScrubber([TOKEN])(`sent ${text} and`)).toMatch(/^sent \[secret\]…? and$/);
  expect(makeScrubber([TOKEN])('sent cog_0123456 and')).toBe('sent cog_0123456 and');
});

test.each([
  ['as the user of Basic', `${TOKEN}:`],
  ['as the password of Basic', `:${TOKEN}`],
  ['after a name of one letter', `x:${TOKEN}`],
  ['after a longer name', `svc:${TOKEN}`],
  ['between others', `{"a":"${TOKEN}","b":1}`],
])('in base64 %s', (_, text) => {
  for (const encoding of ['base64', 'base64url'] as const) {
    const scrubbed = makeScrubber([TOKEN])(`Basic ${Buffer.from(text).toString(encoding)}.`);
    expect(scrubbed).toContain('[secret]');
    for (const piece of [TOKEN.slice(0, 4), TOKEN.slice(8, 12), TOKEN.slice(-4)]) {
      expect(readable(scrubbed)).not.toContain(piece);
    }
  }
});

test('a long text without it costs little', () => {
  const text = 'QUJD'.repeat(500_000);
  const startedAt = process.cpuUsage();
  expect(makeScrubber([TOKEN, SECRET])(text)).toBe(text);
  expect(process.cpuUsage(startedAt).user).toBeLessThan(1_000_000);
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
