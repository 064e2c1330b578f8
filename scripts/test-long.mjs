/** Every file with tests that `npm test` leaves out or shortens (see test/long.ts), whole. Arguments go to vitest as in `npm test`. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

process.env.AUDITLAKE_TEST_LONG = '1';
if (process.argv.length === 2) process.argv.push(...longFiles());
await import('./test.mjs');

function longFiles() {
  const tests = readdirSync(join(root, 'test'), { recursive: true })
    .map((file) => join('test', file))
    .filter((file) => file.endsWith('.test.ts'));
  const seen = new Map();
  return tests.filter((file) => file.endsWith('.long.test.ts') || isLong(file, seen)).toSorted();
}

/** Whether a file imports test/long.ts, itself or through another file of the tests. */
function isLong(file, seen) {
  if (file === join('test', 'long.ts')) return true;
  if (!file.startsWith('test')) return false;
  if (!seen.has(file)) {
    seen.set(file, false);
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export|\}).* from '(\.{1,2}\/[^']+\.ts)'/gm)].map(
      ([, path]) => join(dirname(file), path),
    );
    seen.set(
      file,
      imports.some((path) => isLong(path, seen)),
    );
  }
  return seen.get(file);
}
