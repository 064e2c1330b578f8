/** What the build defines once, so that no run has to, is what a run would define. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { GENERATION, openPrivate } from '../../src/load/database.ts';
import { makeDefinedFile } from '../../src/load/warehouse/defined-file.ts';
import { type Definition, definitions } from '../../src/load/warehouse/definitions.ts';

const BUILT = '../../dist/load/warehouse/defined-file.js';

async function definedIn(bytes: Buffer): Promise<Definition[]> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-defined-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'defined.duckdb');
  await writeFile(path, bytes);
  const { connection, close } = await openPrivate(path, { threads: 1, spill: folder });
  try {
    return (await definitions(connection)).get(GENERATION) ?? [];
  } finally {
    close();
  }
}

test('the build has the file under the name that a run looks for, with the same definitions and comments', async () => {
  const built = (await import(BUILT)) as typeof import('../../src/load/warehouse/defined-file.ts');
  expect(existsSync(built.DEFINED_FILE)).toBe(true);
  const found = await definedIn(await built.definedFile());
  expect(found.length).toBeGreaterThan(100);
  expect(found).toEqual(await definedIn(await makeDefinedFile()));
});
