/**
 * Files that are open in this process under a lock. Another process that has one open is told by its lock, which holds off everybody
 * but the process that has it, and which a process loses altogether as soon as it closes the file once, whoever opened it. So nothing
 * is closed before the last holder of the same file has ended.
 */
import { stat } from 'node:fs/promises';

const held = new Map<string, { holders: number; ended: (() => void)[] }>();

/** Notes that a file is about to be opened. @returns what closes it, now or when its last holder ends */
export async function holdFile(path: string): Promise<(close: () => void) => void> {
  const id = await idOf(path);
  const here = held.get(id) ?? { holders: 0, ended: [] };
  here.holders += 1;
  held.set(id, here);
  return (close) => {
    here.ended.push(close);
    here.holders -= 1;
    if (here.holders > 0) return;
    held.delete(id);
    for (const end of here.ended) end();
  };
}

/** Closes what was opened without holding it: now, or when the last holder of the same file ends. */
export function closeHeld(file: { dev: bigint; ino: bigint }, close: () => void): void {
  const here = held.get(nameOf(file));
  if (here === undefined) close();
  else here.ended.push(close);
}

export async function isHeldHere(path: string): Promise<boolean> {
  return held.size > 0 && held.has(await idOf(path));
}

/** A file may be renamed while it is held. */
async function idOf(path: string): Promise<string> {
  return nameOf(await stat(path, { bigint: true }));
}

function nameOf({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}
