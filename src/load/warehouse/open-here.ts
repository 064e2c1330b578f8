/**
 * The generations that are open in this process, by real path. Another process that has one open is told by its lock, which
 * holds off everybody but the process that has it, and which a process loses altogether as soon as it closes the file once. So
 * nothing is closed before the last reader of the same file has ended.
 */
const open = new Map<string, { readers: number; ended: (() => void)[] }>();

/** Notes that a file is open. @returns what closes it, now or when its last reader ends */
export function noteOpen(path: string): (close: () => void) => void {
  const here = open.get(path) ?? { readers: 0, ended: [] };
  here.readers += 1;
  open.set(path, here);
  return (close) => {
    here.ended.push(close);
    here.readers -= 1;
    if (here.readers > 0) return;
    open.delete(path);
    for (const end of here.ended) end();
  };
}

export function isOpenHere(path: string): boolean {
  return open.has(path);
}
