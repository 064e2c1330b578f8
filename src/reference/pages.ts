import { posix } from 'node:path';
import type { Registry } from '../config/registry.ts';
import { BLOCKS, type PageOf } from './blocks.ts';

/** `<!-- begin NAME ARGUMENT -->`, what is generated, `<!-- end -->`. */
const BLOCK = /(<!-- begin (\w+)(?: ([\w-]+))? -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * Pages with their blocks made anew.
 *
 * @param pages path from the root of the repository to its text
 * @throws Error for a block that nothing generates
 */
export function generatedPages(
  pages: ReadonlyMap<string, string>,
  registry: Registry,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const [path, text] of pages) {
    for (const [, , name, argument] of text.matchAll(BLOCK)) {
      places.set(argument === undefined ? `${name}` : `${name} ${argument}`, path);
    }
  }
  const pageOf =
    (from: string): PageOf =>
    (block) => {
      const path = places.get(block);
      return path === undefined ? null : posix.relative(posix.dirname(from), path);
    };
  return new Map(
    [...pages].map(([path, text]) => [path, withBlocks(path, text, registry, pageOf(path))]),
  );
}

function withBlocks(path: string, text: string, registry: Registry, pageOf: PageOf): string {
  return text.replace(
    BLOCK,
    (_, begin: string, name: string, argument: string | undefined, end: string) => {
      const block = BLOCKS[name];
      if (block === undefined) throw new Error(`${path}: nothing generates ${name}`);
      return `${begin}\n${block(registry, argument ?? '', pageOf)}\n\n${end}`;
    },
  );
}
