/** Reads a home's archive with nothing but gunzip and JSON, as the description of its format says. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type ArchivedRecord = { key: string; bytes: Buffer };

/** The files below a folder, relative to it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

export async function archivedRecords(home: string, stream: string): Promise<ArchivedRecord[]> {
  const archive = join(home, 'archive');
  const records: ArchivedRecord[] = [];
  for (const file of await filesBelow(archive)) {
    if (!file.includes(`/${stream}/`)) continue;
    const text = gunzipSync(await readFile(join(archive, file))).toString('utf8');
    for (const line of text.split('\n').filter((l) => l !== '')) {
      const { kind, key, record, bytes } = JSON.parse(line) as Record<string, string>;
      if (kind !== 'record' || key === undefined || record === undefined) continue;
      records.push({
        key,
        bytes: bytes === undefined ? Buffer.from(record) : Buffer.from(bytes, 'base64'),
      });
    }
  }
  return records;
}
