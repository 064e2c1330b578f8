import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LARGEST_MANIFEST,
  lakeFolder,
  type Manifest,
  readManifest,
} from '../../load/lake/manifest.ts';
import { readPlain, sizeOfPlain } from '../../platform/plain-file.ts';
import type { HomeFile, HomeFiles } from '../../sinks/port.ts';
import type { Archive } from '../../state/archive.ts';
import type { CheckedSegments } from '../../state/checked-segments.ts';
import { openingOf } from '../../state/segments.ts';
import { readLines } from '../../state/lines.ts';

/** What a mirror of archive and lake has to deliver. The ledger may grow meanwhile. */
export async function homeFiles(
  archive: Archive,
  after: number,
  acknowledged: HomeFiles['acknowledged'],
): Promise<HomeFiles> {
  const { home } = archive.layout;
  const to = archive.ledger.state.seq;
  const segments = await archive.segments();
  const open = segments.files.at(-1);
  const lake = await readManifest(lakeFolder(home));
  return {
    home,
    to,
    after,
    acknowledged,
    fixed: (from) => fixedFiles(archive, segments, { from, to }),
    changing: [
      ...(open === undefined ? [] : [await asOfNow(home, open)]),
      ...(lake === null ? [] : await lakeFiles(home, lake)),
    ],
    manifest: lake === null ? null : await small(home, 'lake/manifest.json'),
  };
}

/** Under both names; and what is only kept for readers, as far as it is there. */
async function lakeFiles(home: string, { files, replaced }: Manifest): Promise<HomeFile[]> {
  const found = [...files.map(fixedOf), ...files].map(fileOf);
  for (const file of replaced.map(fixedOf).map(fileOf)) {
    const bytes = await sizeOfPlain(join(home, file.path)).catch(() => null);
    if (bytes === file.bytes) found.push(file);
  }
  return found;
}

function fixedOf({ fixed, bytes, sha256 }: Omit<HomeFile, 'path'> & { fixed: string }): HomeFile {
  return { path: fixed, bytes, sha256 };
}

function fileOf({ path, bytes, sha256 }: HomeFile): HomeFile {
  return { path: `lake/${path}`, bytes, sha256 };
}

async function* fixedFiles(
  archive: Archive,
  segments: CheckedSegments,
  { from, to }: { from: number; to: number },
): AsyncGenerator<HomeFile & { seq: number }> {
  for (const [i, file] of segments.files.entries()) {
    const next = segments.files[i + 1];
    const closed = next === undefined ? null : ((await openingOf(next))?.previous ?? null);
    if (closed !== null && closed.seq <= from) continue;
    for await (const line of segments.lines(i)) {
      if (line.kind !== 'batch' || line.seq <= from || line.seq > to) continue;
      if (archive.isPruned(line.seq)) continue;
      const { file: path, file_bytes: bytes, file_sha256: sha256, seq } = line;
      yield { path: `archive/${path}`, bytes, sha256, seq };
    }
    if (closed === null) continue;
    const { size } = await stat(file);
    yield { path: ledgerPath(closed.file), bytes: size, sha256: closed.sha256, seq: closed.seq };
  }
}

/** Up to its last complete line: something else may be appending. */
async function asOfNow(home: string, file: string): Promise<HomeFile> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const { bytes, torn } of readLines(file)) {
    if (torn) continue;
    hash.update(bytes).update('\n');
    size += bytes.length + 1;
  }
  const path = file.slice(home.length + 1);
  return { path, bytes: size, sha256: hash.digest('hex') };
}

async function small(home: string, path: string): Promise<HomeFile> {
  const content = await readPlain(join(home, path), LARGEST_MANIFEST);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, bytes: content.length, sha256 };
}

function ledgerPath(name: string): string {
  return `archive/ledger/${name}`;
}
