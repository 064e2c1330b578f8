import { describe, expect, test } from 'vitest';
import { type Ask, requestLine, targetOf } from '../../src/extract/target.ts';

const BASE = 'https://api.acme.test/base/';
const mask = { of: 'u-17', by: 'anon-1' };

describe('where a request goes and what it is called', () => {
  test.each<[Ask, string, string, string]>([
    [{ path: '/a' }, 'https://api.acme.test/base/a', '/a', '/base/a'],
    [
      { path: '/a', query: { q: 'x y', 'type[]': ['b', 'c'] } },
      'https://api.acme.test/base/a?q=x+y&type%5B%5D=b&type%5B%5D=c',
      '/a',
      '/base/a?q=x+y&type%5B%5D=b&type%5B%5D=c',
    ],
    [
      { path: '/a', query: { user: 'u-17', users: ['u-17', 'u-18'] }, mask },
      'https://api.acme.test/base/a?user=u-17&users=u-17&users=u-18',
      '/a',
      '/base/a?user=anon-1&users=anon-1&users=u-18',
    ],
    [
      { method: 'POST', path: '/q', body: '{"user":"u-17"}', mask },
      'https://api.acme.test/base/q',
      '/q',
      'POST /base/q {"user":"anon-1"}',
    ],
    // As a Link header has it.
    [
      { path: 'https://api.acme.test/base/a?page=2' },
      'https://api.acme.test/base/a?page=2',
      '/a',
      '/base/a?page=2',
    ],
    // What is resolved on the way is what is sent, and so what is judged.
    [{ path: '/a/../b/%2e%2e/c' }, 'https://api.acme.test/base/c', '/c', '/base/c'],
  ])('%j', (ask, url, path, note) => {
    const target = targetOf(ask, BASE);
    expect([target.url.href, target.path, target.note]).toEqual([url, path, note]);
    expect(target.isElsewhere).toBe(false);
  });
});

test.each([
  'https://files.acme.test/a',
  'https://api.acme.test.evil.test/a',
  'https://api.acme.test:444/a',
  'http://api.acme.test/base/a',
  '@evil.test/a',
])('%s leaves the host', (path) => {
  expect(() => targetOf({ path }, BASE.slice(0, -'/base/'.length))).toThrow(/would leave/);
});

test('nor may it climb out of the path of the base URL', () => {
  expect(() => targetOf({ path: '/../x' }, BASE)).toThrow(/would leave/);
  expect(() => targetOf({ path: '/..' }, BASE)).toThrow(/would leave/);
});

test('a request may leave the host where that is said, but not for an unencrypted one', () => {
  const file = targetOf({ path: 'https://files.acme.test/a?sig=1', mayLeaveHost: true }, BASE);
  expect(file).toMatchObject({ isElsewhere: true, note: 'https://files.acme.test/a' });
  expect(file.url.search).toBe('?sig=1');
  expect(file.named.href).toBe('https://files.acme.test/a');
  const plain = { path: 'http://files.acme.test/a', mayLeaveHost: true };
  expect(() => targetOf(plain, BASE)).toThrow(/would leave/);
});

test.each([
  ['/a?q=1', 'GET /a?q=1'],
  ['https://files.acme.test/a', 'GET https://files.acme.test/a'],
  ['POST /q {"a":1}', 'POST /q {"a":1}'],
])('%s is shown as %s', (note, shown) => {
  expect(requestLine(note)).toBe(shown);
});
