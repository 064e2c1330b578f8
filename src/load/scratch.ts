import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a process that was killed left behind is of no use to anybody after this long. */
const STALE_MS = 86_400_000;

/** A new folder for files on the way: in the home, where there is room for them, or elsewhere if it may only be read. */
export async function makeScratch(home: string): Promise<string> {
  const folder = scratchFolder(home);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await mkdtemp(join(folder, 'scratch-'));
  } catch {
    return await mkdtemp(join(tmpdir(), 'auditlake-'));
  }
}

/** Removes what was left there long ago. */
export async function tidyScratch(home: string, now: number): Promise<void> {
  const folder = scratchFolder(home);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && now - found.mtimeMs > STALE_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** Where files on the way lie: in the home, since they may be large. */
export function scratchFolder(home: string): string {
  return join(home, 'tmp');
}
