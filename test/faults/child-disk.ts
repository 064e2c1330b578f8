/** Breaks the disk of commands that run as processes of their own. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Write } from './disk.ts';
import type { Order } from './in-child.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const NOBODY = 65_534;
const SOURCES = ['disk.ts', 'troubles.ts', 'in-child.ts'];

export type ChildDisk = {
  /** The variables that break the disk of a command. */
  env(order: Order): Record<string, string>;
  /** The variables that take a command's rights as root away: before it does anything it becomes the user `nobody`. */
  asNobody(): Record<string, string>;
  /** The writes of the last command that came to its end. */
  writes(): Promise<Write[]>;
  remove(): Promise<void>;
};

/** Compiles the breakable disk, as the command line is compiled: Node 20 loads no TypeScript. */
export async function childDisk(): Promise<ChildDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-disk-'));
  const here = new URL('.', import.meta.url).pathname;
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { rootDir: here, outDir: folder, noEmit: false, sourceMap: false },
    files: SOURCES.map((name) => join(here, name)),
    include: [],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', folder]);
  await writeFile(
    join(folder, 'nobody.js'),
    `process.setgid(${NOBODY}); process.setuid(${NOBODY});`,
  );
  await chmod(folder, 0o755);
  const log = join(folder, 'writes.json');
  return {
    env: (order) => ({
      NODE_OPTIONS: `--import=${join(folder, 'in-child.js')}`,
      BROKEN_DISK: JSON.stringify(order),
      BROKEN_DISK_LOG: log,
    }),
    asNobody: () => ({ NODE_OPTIONS: `--import=${join(folder, 'nobody.js')}` }),
    writes: async () => JSON.parse(await readFile(log, 'utf8')) as Write[],
    remove: () => rm(folder, { recursive: true }),
  };
}
