/** Where things lie below a home. Names from configuration only: nothing a vendor says becomes a path. */
import { join } from 'node:path';

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

export function segmentName(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

export function batchName(seq: number): string {
  return `${String(seq).padStart(12, '0')}.ndjson.gz`;
}

/** The seq in a batch file's name; null if it is not such a name. */
export function seqOfBatch(name: string): number | null {
  const found = /^(\d{12,})\.ndjson\.gz$/.exec(name)?.[1];
  return found === undefined ? null : Number(found);
}

/** A batch's place, relative to the archive folder. */
export function batchPath(source: string, stream: string, at: number, seq: number): string {
  const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-') as [
    string,
    string,
    string,
  ];
  return [source, stream, year, month, day, batchName(seq)].join('/');
}
