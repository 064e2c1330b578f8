/** Everything in the docs that is made from declarations. `scripts/docs.mjs` writes it, a test compares it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../config/file-schema.ts';
import { REGISTRY } from '../config/registry.ts';
import { documentSchemas } from './documents.ts';
import { generatedPages } from './pages.ts';

/**
 * @param root folder of the repository
 * @returns path from there to the text that belongs there, for each page and each generated file
 */
export function reference(root: string): Map<string, string> {
  const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', ...guides.toSorted().map((name) => `docs/${name}`)];
  const pages = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  return new Map([
    ...generatedPages(pages, REGISTRY),
    ['docs/auditlake.schema.json', json(configJsonSchema(REGISTRY))],
    ...[...documentSchemas()].map(([path, schema]): [string, string] => [
      `docs/${path}`,
      json(schema),
    ]),
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
