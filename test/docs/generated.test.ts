import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reference } from '../../src/reference/reference.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const FILES = [...reference(ROOT)];

test.each(FILES)('%s is as the declarations make it', (path, expected) => {
  const file = join(ROOT, path);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(text, 'run `npm run docs` and commit what it writes').toBe(expected);
});
