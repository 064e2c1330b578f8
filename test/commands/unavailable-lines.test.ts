import { expect, test } from 'vitest';
import { type Unavailable, unavailableLines } from '../../src/commands/unavailable-lines.ts';

const stream = (name: string, code: string, hint: string): Unavailable => ({
  stream: name,
  error: { code, message: `GET ${name}: no`, hint },
});

test.each<[string, Unavailable[], string[]]>([
  ['nothing', [], []],
  [
    'one reason of one source is said once',
    [stream('a/x', 'forbidden', 'ask'), stream('a/y', 'forbidden', 'ask')],
    ['not available: a/x, a/y: GET a/x: no', '  what to do: ask'],
  ],
  [
    'no hint is hidden behind another of the same code',
    [stream('a/x', 'forbidden', 'grant View'), stream('a/y', 'forbidden', 'grant Admin')],
    [
      'not available: a/x: GET a/x: no',
      '  what to do: grant View',
      'not available: a/y: GET a/y: no',
      '  what to do: grant Admin',
    ],
  ],
  [
    'each source for itself',
    [stream('a/x', 'forbidden', 'ask'), stream('b/x', 'forbidden', 'ask')],
    [
      'not available: a/x: GET a/x: no',
      '  what to do: ask',
      'not available: b/x: GET b/x: no',
      '  what to do: ask',
    ],
  ],
])('%s', (_, streams, lines) => {
  expect(unavailableLines(streams)).toEqual(lines);
});
