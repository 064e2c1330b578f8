import type { Report } from '../../platform/progress.ts';
import { join } from 'node:path';
import type { VerifyDocument } from '../../documents/verify.ts';
import { usageError } from '../../errors.ts';
import { inOrder } from '../../platform/in-order.ts';
import type { Copy, HomeFile, HomeFiles } from '../../sinks/port.ts';
import { Archive } from '../../state/archive.ts';
import { readLines } from '../../state/lines.ts';
import type { Context } from '../context.ts';
import { homeFiles } from '../deliver/home-files.ts';
import { runSinkOf } from '../deliver/open-sinks.ts';
import { selectSinks } from '../deliver/select-sinks.ts';

type Verdict = NonNullable<VerifyDocument['mirror']>;

/** Files that are compared at a time. */
const WIDTH = 8;

type Compare = (file: HomeFile) => Promise<Copy>;
type Noted = Pick<Verdict, 'faults' | 'files'>;

/**
 * Compares the whole copy that a sink of files has with the home, which must have been found whole: every batch, every segment of
 * the ledger, every file of the lake. Writes nothing.
 *
 * @throws AuditlakeError `usage` for a sink that is not configured, or that has rows and no files
 */
export async function verifyMirror(
  context: Context,
  name: string,
  report: Report,
): Promise<Verdict> {
  const [sink] = selectSinks({ ...context, json: false }, [name]);
  const receiver = sink === undefined ? null : runSinkOf(context, sink).open();
  if (receiver?.kind !== 'files') {
    await receiver?.close();
    throw usageError(
      `the sink ${name} has rows, not the files of the home`,
      'name a sink of type s3: it has a copy that can be compared',
    );
  }
  const { signal, now, output, layout } = context;
  const tools = {
    signal,
    now,
    onProgress: (what: string) => report({ what }),
    onWarning: (text: string) => output.log.warn({ sink: name }, text),
  };
  try {
    const archive = await Archive.openForReading(layout);
    const compare = await receiver.compare(layout.home, tools);
    const files = await homeFiles(archive, 0, async () => undefined);
    const noted: Noted = { faults: [], files: 0 };
    const seq = await compareLedger(files, compare, noted);
    await compareBatches(files, { seq, compare }, noted);
    const isLakeBehind = await compareLake(files, compare, noted);
    const isBehind = isLakeBehind || (await hasNewsAfter(archive, seq));
    return { sink: name, ...noted, seq, behind: isBehind };
  } finally {
    await receiver.close();
  }
}

/** @returns the last line that the copy has */
async function compareLedger(files: HomeFiles, compare: Compare, noted: Noted): Promise<number> {
  let [seq, hasEnded] = [0, false];
  for await (const segment of segmentsOf(files)) {
    const copy = await compare(segment);
    noted.files += 1;
    if (copy === 'missing') hasEnded = true;
    else if (hasEnded) fault(noted, segment, 'is there, and a segment before it is not whole');
    else if (copy === 'equal') seq = segment.seq;
    else if (copy === 'different') fault(noted, segment, OTHER);
    else {
      hasEnded = true;
      const last = await lastSeqIn(join(files.home, segment.path), copy.bytes);
      if (last === null) fault(noted, segment, 'ends in the middle of a line');
      else seq = last;
    }
  }
  return seq;
}

const OTHER =
  'has other content: one of the two was altered or cut, or another home delivers there';

async function* segmentsOf(files: HomeFiles): AsyncGenerator<HomeFile & { seq: number }> {
  for await (const file of files.fixed(0)) if (isLedger(file)) yield file;
  for (const file of files.changing) if (isLedger(file)) yield { ...file, seq: files.to };
}

function isLedger({ path }: HomeFile): boolean {
  return path.startsWith('archive/ledger/');
}

/** The seq of the last line within the first bytes of a segment; null if they end within a line. */
async function lastSeqIn(file: string, bytes: number): Promise<number | null> {
  let [at, seq] = [0, 0];
  for await (const line of readLines(file)) {
    at += line.bytes.length + 1;
    if (at > bytes) return null;
    ({ seq } = JSON.parse(line.bytes.toString('utf8')) as { seq: number });
    if (at === bytes) return seq;
  }
  return null;
}

/** A batch whose line the copy has came there before the line. */
async function compareBatches(
  files: HomeFiles,
  { seq, compare }: { seq: number; compare: Compare },
  noted: Noted,
): Promise<void> {
  const look = async (file: HomeFile & { seq: number }) => ({ file, copy: await compare(file) });
  for await (const { file, copy } of inOrder(batchesOf(files), WIDTH, look)) {
    noted.files += 1;
    if (copy === 'equal' || (copy === 'missing' && file.seq > seq)) continue;
    fault(
      noted,
      file,
      copy === 'missing' ? 'is missing, but its line of the ledger is there' : OTHER,
    );
  }
}

async function* batchesOf(files: HomeFiles): AsyncGenerator<HomeFile & { seq: number }> {
  for await (const file of files.fixed(0)) if (!isLedger(file)) yield file;
}

/** @returns whether the copy is of another lake, which the next delivery replaces */
async function compareLake(files: HomeFiles, compare: Compare, noted: Noted): Promise<boolean> {
  if (files.manifest === null) return false;
  noted.files += 1;
  if ((await compare(files.manifest)) !== 'equal') return true;
  const days = files.changing.filter((file) => !isLedger(file));
  const look = async (file: HomeFile) => ({ file, copy: await compare(file) });
  for await (const { file, copy } of inOrder(days, WIDTH, look)) {
    noted.files += 1;
    if (copy === 'equal') continue;
    fault(noted, file, copy === 'missing' ? 'is missing, but the manifest is there' : OTHER);
  }
  return false;
}

/** What was delivered to it stands in the ledger after it was delivered: that line alone is always missing. */
async function hasNewsAfter(archive: Archive, seq: number): Promise<boolean> {
  for await (const line of archive.linesAfter(seq)) if (line.kind !== 'delivery') return true;
  return false;
}

function fault({ faults }: Noted, { path }: HomeFile, what: string): void {
  faults.push({ file: path, what });
}
