import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DOCUMENTS } from '../../src/reference/documents.ts';

test('the shape of every document is published', async () => {
  const folder = new URL('../../src/documents/', import.meta.url);
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(new URL(file, folder).href) as Promise<object>),
  );
  const declared = modules.flatMap((module) =>
    Object.entries(module).filter(([name]) => name.endsWith('Document')),
  );
  const published: unknown[] = Object.values(DOCUMENTS).map(({ schema }) => schema);
  const missing = declared.filter(([, schema]) => !published.includes(schema));
  expect(missing.map(([name]) => name)).toEqual([]);
  expect(published).toHaveLength(declared.length);
});
