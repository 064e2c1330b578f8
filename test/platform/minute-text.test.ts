import { expect, test } from 'vitest';
import { minuteText } from '../../src/platform/time.ts';

test.each([
  [null, ''],
  ['2026-06-01T02:03:04.567Z', '2026-06-01T02:03Z'],
  ['2026-06-01T02:03:04Z', '2026-06-01T02:03Z'],
  ['2026-06-01T02:03Z', '2026-06-01T02:03Z'],
  ['read so far', 'read so far'],
])('%s is shown to the minute', (given, shown) => {
  expect(minuteText(given)).toBe(shown);
});
