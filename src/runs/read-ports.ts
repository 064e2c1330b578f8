import type { SourceReader, StreamReader } from '../extract/port.ts';
import type { BatchRef, Millis } from '../model.ts';
import type { Archive } from '../state/archive.ts';

export type Progress = {
  source: string;
  stream: string;
  pages: number;
  records: number;
  newRecords: number;
  /** How far in the window, from 0 to 1; null if it cannot be known. */
  fraction: number | null;
};

/** What reading needs of the run that it is part of. */
export type ReadPorts = {
  archive: Archive;
  sources: readonly SourceReader[];
  /** Which streams to read. */
  wants: (source: string, stream: string) => boolean;
  isRequired: (source: string, reader: StreamReader) => boolean;
  onBatch: (batch: BatchRef) => void;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
  now: () => Millis;
};
