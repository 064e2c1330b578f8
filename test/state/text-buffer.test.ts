import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextBuffer } from '../../src/state/text-buffer.ts';
import { tries } from '../long.ts';

test('what is written as a JSON string is read back as it was, whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '😀', '{', 'a'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      const buffer = new TextBuffer();
      for (const each of texts) {
        buffer.jsonString(Buffer.from(each));
        buffer.text('\n');
      }
      const lines = buffer.bytes().toString('utf8').split('\n').slice(0, -1);
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
        // What is no Unicode text is not written by this way at all.
        texts.map((each) => Buffer.from(each).toString('utf8')),
      );
      expect(buffer.length).toBe(buffer.bytes().length);
    }),
    { numRuns: tries(500) },
  );
});

/** More than a buffer begins with, so that it grows on the way. */
function write(letter: string): TextBuffer {
  const buffer = new TextBuffer();
  for (let n = 0; n < 200_000; n += 1) buffer.text(letter);
  return buffer;
}

test('memory that a text lets go of serves one other, and none shows in another', () => {
  write('a').free();
  const [one, other] = [write('b'), write('c')];
  expect(one.bytes().equals(Buffer.alloc(200_000, 'b'))).toBe(true);
  expect(other.bytes().equals(Buffer.alloc(200_000, 'c'))).toBe(true);
  one.free();
  expect(one.length).toBe(0);
  one.text('d');
  expect(one.bytes().toString()).toBe('d');
  expect(other.bytes(199_999).toString()).toBe('c');
});
