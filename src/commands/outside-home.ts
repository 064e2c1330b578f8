import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { usageError } from '../errors.ts';
import type { Context } from '../runs/context.ts';

/**
 * The path of a file or folder that a command writes for the user, relative to the working directory as typed.
 *
 * @param option names it in the message: `--to`
 * @throws AuditlakeError `usage` for one inside the home: what looks at the evidence must not be able to replace it
 */
export async function outsideHome(
  { cwd, config }: Context,
  option: string,
  given: string,
): Promise<string> {
  const path = resolve(cwd, given);
  const [home, place] = await Promise.all([config.home, path].map(realPlace));
  const inside = relative(home ?? '', place ?? '');
  if (!inside.startsWith('..') && !isAbsolute(inside)) {
    throw usageError(
      `${option} ${given} is inside the home ${config.home}`,
      'name a place elsewhere',
    );
  }
  return path;
}

/** Where a path leads, also if the end of it is not there yet. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await realPlace(folder), basename(path));
  }
}
