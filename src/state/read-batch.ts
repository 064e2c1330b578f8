import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const decompress = promisify(gunzip);

/** A line of a batch file, with the fields that are read back; docs/archive-format.md has all. */
export type StoredLine =
  | { n: number; kind: 'batch' }
  | {
      n: number;
      kind: 'page';
      page: number;
      request: string;
      status: number;
      at: string;
      bytes: number;
      sha256: string;
      records: number;
      context?: Record<string, string>;
    }
  | {
      n: number;
      kind: 'record';
      page: number;
      key: string;
      time: string | null;
      record: string;
      bytes?: string;
    }
  | { n: number; kind: 'absent'; key: string }
  | { n: number; kind: 'finding' };

/** The lines of a batch file. They take a few megabytes at most, so they are read at once. */
export async function readBatch(file: string): Promise<StoredLine[]> {
  return (await readBatchText(file)).map((line) => JSON.parse(line) as StoredLine);
}

/** The same lines as text, exactly as stored, for their hashes. */
export async function readBatchText(file: string): Promise<string[]> {
  const text = (await decompress(await readFile(file))).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** The exact bytes of a stored record. */
export function bytesOf(line: { record: string; bytes?: string }): Buffer {
  return line.bytes === undefined ? Buffer.from(line.record) : Buffer.from(line.bytes, 'base64');
}
