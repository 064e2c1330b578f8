/** Where things are inside a home. Names come from the configuration only: nothing a vendor says becomes a path. */
import { join } from 'node:path';
import { iso, isoDay } from '../platform/time.ts';

export type Layout = {
  home: string;
  archive: string;
  ledger: string;
  setAside: string;
  lock: string;
};

export function layout(home: string): Layout {
  const archive = join(home, 'archive');
  return {
    home,
    archive,
    ledger: join(archive, 'ledger'),
    setAside: join(home, 'set-aside'),
    lock: join(home, 'lock.duckdb'),
  };
}

/** The ledger segment that an instant belongs to, as `2026-03`. */
export function segmentName(at: number): string {
  return iso(at).slice(0, 'yyyy-mm'.length);
}

function batchName(seq: number): string {
  return `${String(seq).padStart(12, '0')}.ndjson.gz`;
}

/** The seq in a batch file's name; null if the name is not one of a batch. */
export function seqOfBatch(name: string): number | null {
  const found = /^(\d{12,})\.ndjson\.gz$/.exec(name)?.[1];
  return found === undefined ? null : Number(found);
}

/** The path of a batch, relative to the archive folder. */
export function batchPath(source: string, stream: string, at: number, seq: number): string {
  const [year, month, day] = isoDay(at).split('-') as [string, string, string];
  return [source, stream, year, month, day, batchName(seq)].join('/');
}
