import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../../runs/context.ts';

export const HISTORY_LINES = 1000;

/** The file of the lines that were typed, where programs keep such things; null for a user without a home folder. */
function historyFile({ env }: Context): string | null {
  const { XDG_STATE_HOME, HOME } = env;
  const state = XDG_STATE_HOME ?? (HOME === undefined ? null : join(HOME, '.local/state'));
  return state === null ? null : join(state, 'auditlake/history');
}

/** The newest first, as readline wants them. */
export async function readHistory(context: Context): Promise<string[]> {
  const file = historyFile(context);
  if (file === null) return [];
  // A first shell has none, and a history is not worth a failure.
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).toReversed().slice(0, HISTORY_LINES);
}

/** For the user alone: SQL may name persons. */
export async function writeHistory(
  context: Context,
  newestFirst: readonly string[],
): Promise<void> {
  const file = historyFile(context);
  if (file === null) return;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const lines = newestFirst.slice(0, HISTORY_LINES).toReversed();
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    context.output.log.debug({ err: error }, 'the history of the shell could not be written');
  }
}
