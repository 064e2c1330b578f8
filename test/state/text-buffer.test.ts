import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextBuffer } from '../../src/state/text-buffer.ts';

test('what is written as a JSON string is read back as it was, whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '😀', '{', 'a'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(text), fc.integer({ min: 1, max: 64 }), (texts, capacity) => {
      const buffer = new TextBuffer(capacity);
      for (const each of texts) {
        buffer.jsonString(Buffer.from(each));
        buffer.text('\n');
      }
      const lines = buffer.bytes.toString('utf8').split('\n').slice(0, -1);
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
        // What is no Unicode text is not written by this way at all.
        texts.map((each) => Buffer.from(each).toString('utf8')),
      );
      expect(buffer.length).toBe(buffer.bytes.length);
    }),
    { numRuns: 500 },
  );
});
