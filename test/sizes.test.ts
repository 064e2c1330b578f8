/** Small files, one idea each. Lint holds the upper limits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOfSource, SRC } from './source-tree.ts';

test('half of the files have a hundred lines or fewer', () => {
  const lines = [...importsOfSource().keys()]
    .map((file) => readFileSync(join(SRC, file), 'utf8').split('\n').length - 1)
    .toSorted((a, b) => a - b);
  expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(100);
});
