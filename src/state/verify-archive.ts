import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { sha256OfFile } from '../durable.ts';
import { batchFiles } from './archive.ts';
import type { Layout } from './layout.ts';
import { segmentNames } from './ledger.ts';
import { type LedgerLine, NO_LINE, unseal } from './ledger-line.ts';
import { lines } from './lines.ts';

/** Something in the archive that is not as it was committed. `file` is relative to the archive folder. */
export type Fault = { file: string; line: number | null; seq: number | null; what: string };

export type ArchiveVerdict = {
  faults: Fault[];
  segments: number;
  ledgerLines: number;
  batches: number;
  records: number;
  seq: number;
};

/**
 * Checks every line of the ledger against itself, its predecessor and its segment's, every batch file against the line
 * that committed it, and that nothing else lies in the archive. Memory: the names of the batch files.
 */
export async function verifyArchive(
  layout: Layout,
  onProgress: (batches: number) => void,
): Promise<ArchiveVerdict> {
  const verdict: ArchiveVerdict = {
    faults: [],
    segments: 0,
    ledgerLines: 0,
    batches: 0,
    records: 0,
    seq: 0,
  };
  const unexplained = new Set(
    (await batchFiles(layout)).map((file) => relative(layout.archive, file)),
  );
  let previousFile: { sha256: string; file: string } | null = null;
  let prev: string | null = NO_LINE;
  const segments = await segmentNames(layout);
  for (const segment of segments) {
    verdict.segments += 1;
    const file = `ledger/${segment}.ndjson`;
    let number = 0;
    for await (const { text, torn } of lines(join(layout.archive, file))) {
      number += 1;
      const fault = (what: string, seq: number | null = null): void => {
        verdict.faults.push({ file, line: number, seq, what });
      };
      if (torn) {
        fault(
          'the ledger ends in the middle of a line: a crash, or a cut; the next run sets it aside',
        );
        break;
      }
      const result = unseal(text, prev);
      if ('fault' in result) {
        fault(`the line ${result.fault}`);
        // Without this line's hash the next one can be checked against itself only.
        prev = null;
        continue;
      }
      const { line } = result;
      prev = result.sha256;
      verdict.ledgerLines += 1;
      if (line.seq !== verdict.seq + 1) {
        fault(`the line has seq ${line.seq} where ${verdict.seq + 1} was due`, line.seq);
      }
      verdict.seq = line.seq;
      checkOpening(line, number, segment, previousFile, fault);
      if (line.kind === 'batch') {
        unexplained.delete(line.file);
        verdict.batches += 1;
        verdict.records += line.new_records + line.changed_records;
        await checkBatch(layout, line, verdict.faults);
        onProgress(verdict.batches);
      }
    }
    previousFile = {
      file: `${segment}.ndjson`,
      sha256: await sha256OfFile(join(layout.archive, file)),
    };
  }
  for (const file of unexplained) {
    verdict.faults.push({
      file,
      line: null,
      seq: null,
      what: 'no ledger line speaks of this file: a crash just now (the next run sets it aside), or somebody put it there',
    });
  }
  await findStrayLedgerFiles(layout, verdict.faults);
  return verdict;
}

function checkOpening(
  line: LedgerLine,
  number: number,
  segment: string,
  previous: { sha256: string; file: string } | null,
  fault: (what: string, seq: number | null) => void,
): void {
  if (number > 1) {
    if (line.kind === 'open') fault('a segment is opened twice', line.seq);
    return;
  }
  if (line.kind !== 'open') {
    fault('the segment does not begin with its opening', line.seq);
    return;
  }
  if (line.segment !== segment) fault(`the segment calls itself ${line.segment}`, line.seq);
  if (line.previous?.file !== previous?.file) {
    fault(
      `the segment follows ${line.previous?.file ?? 'none'}, but ${previous?.file ?? 'none'} lies there`,
      line.seq,
    );
  } else if (line.previous !== null && line.previous.sha256 !== previous?.sha256) {
    fault(`${line.previous.file} is not as it was when it was closed`, line.seq);
  }
}

async function checkBatch(
  layout: Layout,
  line: { file: string; file_sha256: string; seq: number },
  faults: Fault[],
): Promise<void> {
  const at = { file: line.file, line: null, seq: line.seq };
  try {
    const sha256 = await sha256OfFile(join(layout.archive, line.file));
    if (sha256 !== line.file_sha256) {
      faults.push({ ...at, what: 'the batch is not as it was committed' });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    faults.push({
      ...at,
      what: code === 'ENOENT' ? 'the batch is missing' : `the batch cannot be read: ${message}`,
    });
  }
}

async function findStrayLedgerFiles(layout: Layout, faults: Fault[]): Promise<void> {
  const names = await readdir(layout.ledger).catch(() => []);
  for (const name of names) {
    if (/^\d{4}-\d\d\.ndjson$/.test(name)) continue;
    faults.push({ file: `ledger/${name}`, line: null, seq: null, what: 'not a ledger segment' });
  }
}
