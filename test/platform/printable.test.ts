import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/platform/printable.ts';

test.for([
  ['plain text', 20, 'plain text'],
  ['cut here, please', 8, 'cut here…'],
  ['\u001b[31mred', 20, '\\u{1b}[31mred'],
  ['a\u202eb\nc', 20, 'a\\u{202e}b\\u{a}c'],
  // An escape that does not fit is left out whole.
  ['\u202e\u202e\u202e', 10, '\\u{202e}…'],
  ['ends with \ud83d\ude00', 30, 'ends with 😀'],
] as const)('%j in %i characters', ([text, longest, shown]) => {
  expect(printable(text, longest)).toBe(shown);
});

test('whatever a text has in it, it is no longer than asked for and steers nothing', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 100 }), (text, longest) => {
      const shown = printable(text, longest);
      expect(shown.length).toBeLessThanOrEqual(longest + 1);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
