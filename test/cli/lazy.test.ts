/** A look at the help waits for nothing that it does not need: what sends, loads or schedules is imported when a verb is run. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const SRC = new URL('../../src/', import.meta.url).pathname;
const IMPORT = /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms;

/** Every module that is loaded with a file: those of this package as paths, others by name. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const text = readFileSync(join(SRC, file), 'utf8');
  for (const [, name = ''] of text.matchAll(IMPORT)) {
    if (name.startsWith('.')) loadedWith(join(dirname(file), name), loaded);
    else loaded.add(name);
  }
  return loaded;
}

test('the command line is assembled without HTTP clients, DuckDB and metrics', () => {
  const loaded = [...loadedWith('cli.ts')];
  expect(loaded).toEqual(expect.arrayContaining(['commander', 'commands/sync.ts']));
  const heavy = /^(@duckdb\/.*|undici|@aws-sdk\/.*|@google-cloud\/.*|prom-client)$/;
  expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
  expect(loaded.filter((name) => name.startsWith('load/warehouse/'))).toEqual([]);
});
