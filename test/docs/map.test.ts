/** The map in docs/development.md leads along the imports, through files that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importsOfSource } from '../source-tree.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(ROOT, 'docs/development.md'), 'utf8');
const [, map = ''] = /^## The way of one event$([\s\S]*?)^## /m.exec(guide) ?? [];

const MOST_FILES = 25;

/** The files of the map in order, relative to `src/`, with what is said of each. */
const stops = [...map.matchAll(/^\d+\. `src\/(\S+)`: (.+)$/gm)].map(([, file = '', what = '']) => ({
  file,
  what,
}));

test('it is a list of files that exist, none twice, and few', () => {
  expect(stops.length).toBeGreaterThan(10);
  expect(stops.length).toBeLessThanOrEqual(MOST_FILES);
  expect(map.match(/^\d+\. /gm)).toHaveLength(stops.length);
  expect(stops.filter(({ file }) => !existsSync(join(ROOT, 'src', file)))).toEqual([]);
  expect(new Set(stops.map(({ file }) => file)).size).toBe(stops.length);
});

/** Everything imports these: sharing one says nothing. */
const SHARED_BY_ALL = ['errors.ts', 'model.ts'];

test('the imports lead along it: each is at most two of them from one before it', () => {
  const neighbours = neighboursOf(importsOfSource());
  const lost = stops.slice(1).filter(({ file }, i) => {
    const before = stops.slice(0, i + 1).map((stop) => stop.file);
    // SQL is not imported: the module of the same name stands next to it.
    if (file.endsWith('.sql')) return !before.includes(file.replace(/sql$/, 'ts'));
    const direct = [...(neighbours.get(file) ?? [])];
    const near = new Set([
      ...direct,
      ...direct.flatMap((each) => [...(neighbours.get(each) ?? [])]),
    ]);
    return !before.some((each) => near.has(each));
  });
  expect(lost).toEqual([]);
});

function neighboursOf(imports: ReadonlyMap<string, string[]>): Map<string, Set<string>> {
  const neighbours = new Map([...imports.keys()].map((file) => [file, new Set<string>()]));
  for (const [file, imported] of imports) {
    for (const other of imported.filter((each) => !SHARED_BY_ALL.includes(each))) {
      neighbours.get(file)?.add(other);
      neighbours.get(other)?.add(file);
    }
  }
  return neighbours;
}
