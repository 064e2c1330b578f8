/** The files of `src/` and what they import, for the tests that hold the house rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SRC = fileURLToPath(new URL('../src/', import.meta.url));

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The texts of the repository below some folders, relative to its root. */
export function filesBelow(...roots: string[]): string[] {
  return roots.flatMap((root) =>
    readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|mjs|sql|md|json|csv)$/.test(path))
      .map((path) => `${root}/${path}`),
  );
}

/** @param file relative to the root of the repository */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The folders of vendors or sinks, by name. */
export function adapterFolders(kind: 'vendors' | 'sinks'): string[] {
  return readdirSync(join(SRC, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** What is in a folder of the repository. */
export function namesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder));
}

/** Who imports from an adapter's folder, apart from its own files. */
export function importersOf(kind: 'vendors' | 'sinks', folder: string): string[] {
  return filesBelow('src', 'jobs', 'bench', 'scripts').filter(
    (file) =>
      !file.startsWith(`src/${kind}/${folder}/`) &&
      new RegExp(`from '[^']*/${folder}/[^']*'`).test(textOf(file)),
  );
}

/** Static and dynamic imports and re-exports of files of this repository, types among them. */
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Every TypeScript file below `src/`, relative to it, with the files that it imports. */
export function importsOfSource(): Map<string, string[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return new Map(files.toSorted().map((file) => [file, importsOf(file)]));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, path = '']) =>
    relative(SRC, join(SRC, dirname(file), path)),
  );
}

/** The cycles of a graph: each group of nodes that can all be reached from one another. */
export function cyclesOf(graph: ReadonlyMap<string, Iterable<string>>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.size - 1);
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      // A closed group cannot be reached back from.
      if (open.includes(next)) {
        lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(next) ?? 0));
      }
    }
    if (lowest.get(node) !== order.get(node)) return;
    const group = open.splice(open.indexOf(node));
    if (group.length > 1 || [...(graph.get(node) ?? [])].includes(node)) cycles.push(group);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return cycles.map((group) => group.toSorted());
}
