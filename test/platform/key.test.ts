import { assert, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMadeKey, keyAsKept, keyOfContent, keyOfId, wellFormed } from '../../src/platform/key.ts';

const HALF = '\ud800';
const HASH = 'a'.repeat(64);

test.each(['evt_1', 'email|ann', 'a/b', '..', 'sha256:abc', 'é👩‍👩‍👧', ' ', 'x'.repeat(1024)])(
  '%j is its own key',
  (id) => {
    expect(keyOfId(id)).toBe(id);
    expect(isMadeKey(id)).toBe(false);
  },
);

test.each([
  ['half a surrogate pair', `evt_${HALF}`],
  ['NUL', 'a\0b'],
  ['a very long one', 'x'.repeat(1025)],
  ['one that looks like the hash of a record', `sha256:${HASH}#0`],
  ['one that looks like the hash of an id', `sha256-of-id:${HASH}`],
])('an id with %s is kept as a hash', (_, id) => {
  const key = keyOfId(id);
  expect(key).toMatch(/^sha256-of-id:[0-9a-f]{64}$/);
  expect(isMadeKey(key)).toBe(true);
  expect(keyAsKept(key)).toBe(key);
});

test('a made key of content is told from ids', () => {
  expect(isMadeKey(keyOfContent(Buffer.from('{}'), 1))).toBe(true);
});

test('a text that is no key is made well-formed', () => {
  expect(wellFormed(`a${HALF}b\0`)).toBe('a\ufffdb\ufffd');
  expect(wellFormed('👩')).toBe('👩');
});

describe('any two ids', () => {
  const id = oneof(
    string(),
    string({ unit: 'binary' }),
    string({ minLength: 1020, maxLength: 1030 }),
  );

  test('have the same key only if they are the same', () => {
    assert(
      property(id, id, (one, other) => {
        expect(keyOfId(one) === keyOfId(other)).toBe(one === other);
      }),
    );
    // Encoded as UTF-8 these two would be the same.
    expect(keyOfId('\ud800')).not.toBe(keyOfId('\ud801'));
  });

  test('have keys that every reader takes', () => {
    assert(
      property(id, (one) => {
        const key = keyOfId(one);
        expect(key.length).toBeLessThanOrEqual(1024);
        expect(wellFormed(key)).toBe(key);
        expect(Buffer.from(key).toString()).toBe(key);
      }),
    );
  });
});
