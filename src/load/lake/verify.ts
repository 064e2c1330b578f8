import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { sha256OfFile } from '../../durable.ts';
import { filesOf } from './folder.ts';
import { type LakeFile, lakeFolder, readManifest } from './manifest.ts';

export type LakeFault = { file: string; what: string };

/** Compares the lake with its manifest. `file` is relative to the home. A lake that does not exist is in order. */
export async function verifyLake(home: string): Promise<{ files: number; faults: LakeFault[] }> {
  const lake = lakeFolder(home);
  const present = await filesOf(lake);
  const manifest = await readManifest(lake);
  if (manifest === null) {
    const what = 'is missing or cannot be read: the next sync writes the lake again';
    return {
      files: 0,
      faults: present.length === 0 ? [] : [{ file: 'lake/manifest.json', what }],
    };
  }
  const faults: LakeFault[] = [];
  for (const file of manifest.files) {
    const what = await faultOf(lake, file);
    if (what !== null) faults.push({ file: `lake/${file.path}`, what });
  }
  const named = new Set(['manifest.json', ...manifest.files.map(({ path }) => path)]);
  for (const path of present) {
    if (!named.has(path))
      faults.push({
        file: `lake/${path}`,
        what: 'is not in the manifest: not written by auditlake, so that it is left alone; keep it elsewhere',
      });
  }
  return { files: manifest.files.length, faults };
}

async function faultOf(lake: string, file: LakeFile): Promise<string | null> {
  const path = join(lake, file.path);
  try {
    const { size } = await stat(path);
    if (size !== file.bytes) return `has ${size} bytes, not ${file.bytes}`;
    return (await sha256OfFile(path)) === file.sha256 ? null : 'is altered: its SHA-256 differs';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'is missing';
    return `cannot be read: ${messageOf(error)}`;
  }
}
