/**
 * The generations that are open in this process, by real path. Another process that has one open is told by its lock, which
 * holds off everybody but the process that has it.
 */
const open = new Map<string, number>();

/** Notes that a file is open. @returns what notes that it is closed again */
export function noteOpen(path: string): () => void {
  open.set(path, (open.get(path) ?? 0) + 1);
  return () => {
    const left = (open.get(path) ?? 1) - 1;
    if (left === 0) open.delete(path);
    else open.set(path, left);
  };
}

export function isOpenHere(path: string): boolean {
  return open.has(path);
}
