import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Left-overs of killed processes are removed after this long. */
const STALE_MS = 86_400_000;

/** Creates a folder for temporary files: in the home, which has room for them, or in the system's if the home is read-only. */
export async function makeScratch(home: string): Promise<string> {
  const folder = scratchFolder(home);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await mkdtemp(join(folder, 'scratch-'));
  } catch {
    return await mkdtemp(join(tmpdir(), 'auditlake-'));
  }
}

/** Where such a folder may be. */
export function scratchPlaces(home: string): string[] {
  return [scratchFolder(home), tmpdir()];
}

/** Removes old left-overs. */
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

/** The folder of temporary files: in the home, since they may be large. */
export function scratchFolder(home: string): string {
  return join(home, 'tmp');
}
