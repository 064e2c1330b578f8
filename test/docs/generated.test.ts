import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

test('no schema is there of a document that is not', () => {
  const paths = FILES.map(([path]) => path);
  const files = readdirSync(join(ROOT, 'docs/schemas')).map((name) => `docs/schemas/${name}`);
  expect(files.filter((file) => !paths.includes(file))).toEqual([]);
});
