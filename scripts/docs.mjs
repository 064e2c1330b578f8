/** Writes what the docs repeat from the code: schemas, and the tables between `<!-- begin … -->` and `<!-- end -->`. */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ready } from './ready.mjs';
import { root } from './run.mjs';

ready();
const { reference } = await import('../dist/reference/reference.js');
const files = reference(root);
for (const [path, text] of files) {
  const file = join(root, path);
  if (read(file) === text) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stderr.write(`${path}\n`);
}

// What no document has any more.
for (const name of readdirSync(join(root, 'docs/schemas'))) {
  if (!files.has(`docs/schemas/${name}`)) rmSync(join(root, 'docs/schemas', name));
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
