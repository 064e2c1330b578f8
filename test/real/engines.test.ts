/** Engines read a lake with edge cases as the guide says: `scripts/prove-lake.mjs`, with the one that was obtained. */
import { expect, test } from 'vitest';
import { obtained, output } from './support.ts';

const chdb = process.env['AUDITLAKE_REAL_CHDB'];
const options =
  chdb === undefined
    ? ['--python', obtained('AUDITLAKE_REAL_SPARK')]
    : ['--chdb', chdb, '--python', '/dev/null'];

test('an engine finds no difference', { timeout: 900_000 }, async () => {
  const script = new URL('../../scripts/prove-lake.mjs', import.meta.url).pathname;
  const said = await output(process.execPath, [script, ...options]);
  expect(said).toMatch(chdb === undefined ? /^Spark /m : /^ClickHouse /m);
  expect(said.trimEnd().split('\n').at(-1)).toBe('no differences');
});
