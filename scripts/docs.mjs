/** Writes what the docs repeat from the code: schemas, and the tables between `<!-- begin … -->` and `<!-- end -->`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root } from './run.mjs';

ready();
const { reference } = await import('../dist/reference/reference.js');
for (const [path, text] of reference(root)) {
  const file = join(root, path);
  if (read(file) === text) continue;
  writeFileSync(file, text);
  process.stderr.write(`${path}\n`);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
