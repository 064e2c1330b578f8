import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './run.mjs';

const dist = join(root, 'dist');
const folder = join(dist, 'bundle');
const modules = join(root, 'node_modules') + sep;
const PROGRAMS = ['bin', 'start', 'healthcheck'];

/** Loaded as they are: they have native parts, or are optional and large. */
const EXTERNAL = [/^node:/, /^@duckdb\//, /^@aws-sdk\//, /^@google-cloud\//];

/**
 * Joins what a program loads at its start into a few files: Node takes half a second to find and compile some 450 modules, and
 * each command, each job of the schedule and each health check pays it. The modules stay where they are, for those who import them.
 */
export async function bundle() {
  const input = PROGRAMS.map((name) => join(dist, `${name}.js`));
  const { output } = await build(input);
  for (const name of PROGRAMS) {
    writeFileSync(join(dist, `${name}.js`), `#!/usr/bin/env node\nimport './bundle/${name}.js';\n`);
  }
  const ids = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  writeFileSync(join(folder, 'LICENSES.txt'), licenses(ids));
}

async function build(input) {
  const bundled = await rolldown({
    input,
    platform: 'node',
    external: EXTERNAL,
    plugins: [nextToModule],
  });
  try {
    return await bundled.write({ dir: folder, format: 'esm', cleanDir: true });
  } finally {
    await bundled.close();
  }
}

/** A module reads the SQL beside it, and must find it from the bundle too. */
const nextToModule = {
  name: 'next-to-module',
  transform(code, id) {
    if (!id.startsWith(dist + sep) || !code.includes('import.meta.url')) return null;
    const from = JSON.stringify(relative(folder, id).split(sep).join('/'));
    return code.replaceAll('import.meta.url', `new URL(${from}, import.meta.url).href`);
  },
};

/** The licenses of the packages whose code is in the bundle, which ask to go along with it. */
function licenses(ids) {
  const names = ids
    .filter((id) => id.startsWith(modules))
    .map((id) => /^(?:@[^/\\]+[/\\])?[^/\\]+/.exec(id.slice(modules.length))[0]);
  return [...new Set(names)]
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => `${name}\n\n${licenseOf(join(modules, name))}\n`)
    .join('\n----\n\n');
}

function licenseOf(path) {
  const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(path, file), 'utf8').trim();
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).license;
}
