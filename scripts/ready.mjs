import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, npm, root } from './run.mjs';

const INSTALLED = join(root, 'node_modules/.auditlake-installed');
const BUILT = join(root, 'node_modules/.auditlake-built');

/** Installs and builds what is missing or out of date. */
export function ready() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(INSTALLED) || readFileSync(INSTALLED, 'utf8') !== lock) {
    // Building needs the development packages, even where NODE_ENV says production.
    // `npm ci` refuses when a registry lacks optional packages of other platforms; `npm install`
    // then takes the same versions from the lock file and leaves those out.
    if (npm(['ci', '--include=dev']) !== 0) must(npm(['install', '--include=dev', '--no-save']));
  }
  writeFileSync(INSTALLED, lock);
  if (upToDate()) return;
  must(node([join(root, 'scripts/build.mjs')]));
  writeFileSync(BUILT, '');
}

function upToDate() {
  if (!existsSync(BUILT) || !existsSync(join(root, 'dist'))) return false;
  const src = join(root, 'src');
  // Folders too: their time tells that a file was removed or renamed.
  const makers = ['tsconfig.json', 'scripts/build.mjs', 'scripts/bundle.mjs'];
  const inputs = [src, ...makers.map((file) => join(root, file))].concat(
    readdirSync(src, { recursive: true }).map((file) => join(src, file)),
  );
  const built = statSync(BUILT).mtimeMs;
  return inputs.every((file) => statSync(file).mtimeMs < built);
}

function must(status) {
  if (status !== 0) process.exit(status);
}

if (process.argv[1] === import.meta.filename) ready();
