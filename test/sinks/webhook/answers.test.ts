import { expect, test } from 'vitest';
import { meaningOf } from '../../../src/sinks/webhook/answers.ts';

test.each([
  ['POST', 200, 'taken'],
  ['POST', 204, 'taken'],
  ['POST', 302, 'refused'],
  ['POST', 400, 'refused'],
  ['POST', 401, 'person'],
  ['POST', 403, 'person'],
  ['POST', 404, 'person'],
  ['POST', 410, 'person'],
  ['POST', 413, 'refused'],
  ['POST', 408, 'later'],
  ['POST', 429, 'later'],
  ['POST', 503, 'later'],
  ['HEAD', 405, 'refused'],
  ['HEAD', 403, 'refused'],
  ['HEAD', 502, 'later'],
] as const)('%s answered with %i: %s', (method, status, meaning) => {
  expect(meaningOf(method, status)).toBe(meaning);
});
