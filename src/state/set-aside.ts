/** Moves what a crash left behind out of the archive. It never happened, but it is evidence: nothing is deleted. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Layout } from './layout.ts';
import type { Recovered } from './ledger-schema.ts';

/** @param what says what the file is, for the ledger line that records it */
export async function setFileAside(layout: Layout, file: string, what: string): Promise<Recovered> {
  const kept = await freeName(layout, basename(file));
  const { size } = await stat(file);
  await rename(file, kept);
  return { what, kept_as: relative(layout.home, kept), bytes: size };
}

/** Cuts `tail`, the last bytes of a file, off that file. */
export async function setTailAside(
  layout: Layout,
  file: string,
  tail: Buffer,
  what: string,
): Promise<Recovered> {
  const kept = await freeName(layout, `${basename(file, '.ndjson')}.tail`);
  await writeFile(kept, tail, { mode: 0o600 });
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    await handle.truncate(size - tail.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { what, kept_as: relative(layout.home, kept), bytes: tail.length };
}

async function freeName(layout: Layout, name: string): Promise<string> {
  await mkdir(layout.setAside, { recursive: true });
  return join(layout.setAside, `${randomUUID().slice(0, 8)}-${name}`);
}
