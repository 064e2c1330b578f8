import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';
import { node, root } from './run.mjs';

const src = join(root, 'src');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const status = node([join(root, 'node_modules/typescript/bin/tsc')]);
if (status !== 0) {
  // Half a build must not pass for one.
  rmSync(dist, { recursive: true, force: true });
  process.exit(status);
}
for (const file of readdirSync(src, { recursive: true })) {
  if (!/\.(sql|csv|css|js|sh)$/.test(file)) continue;
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  copyFileSync(join(src, file), join(dist, file));
}
await bundle();
chmodSync(join(dist, 'bin.js'), 0o755);

// What takes seconds to define is defined here, so that no run has to.
const module = pathToFileURL(join(dist, 'load/warehouse/defined-file.js')).href;
const { DEFINED_FILE, makeDefinedFile } = await import(module);
writeFileSync(DEFINED_FILE, gzipSync(await makeDefinedFile(), { level: 9 }));
