import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from './plain-file.ts';

/** What a home consists of, by its first folders. */
export const PARTS = ['archive', 'warehouse', 'lake', 'other'] as const;

export type PartBytes = Record<(typeof PARTS)[number], number>;

/** The sizes of all files of a home, of one with two names once. What a run removes meanwhile counts or does not. */
export async function homeBytes(home: string): Promise<PartBytes> {
  const bytes: PartBytes = { archive: 0, warehouse: 0, lake: 0, other: 0 };
  const counted = new Set<number>();
  for await (const name of namesIn(home)) {
    const part = PARTS.find((each) => each === name) ?? 'other';
    bytes[part] += await bytesOf(join(home, name), counted);
  }
  return bytes;
}

async function bytesOf(path: string, counted: Set<number>): Promise<number> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isAbsent(error)) return null;
    throw error;
  });
  if (found === null) return 0;
  if (!found.isDirectory()) {
    if (found.nlink > 1 && counted.has(found.ino)) return 0;
    if (found.nlink > 1) counted.add(found.ino);
    return found.size;
  }
  let sum = 0;
  for await (const name of namesIn(path)) sum += await bytesOf(join(path, name), counted);
  return sum;
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
