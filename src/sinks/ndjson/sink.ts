import type { RowFormat, RowSink } from '../port.ts';
import { fileTarget } from './file.ts';
import { folderTarget } from './folder.ts';
import type { LineTarget } from './lines.ts';
import { streamTarget } from './stream.ts';

export type NdjsonOptions = {
  /** `-` is standard output; else absolute: a file to append to, or with a slash at its end a folder of files. */
  path: string;
  format: RowFormat;
};

/**
 * Rows as lines of JSON, at least once: what was written just before a crash and not yet reported is written again.
 * @param stdout where the lines go if the path is `-`
 */
export function openNdjson(
  name: string,
  { path, format }: NdjsonOptions,
  stdout: NodeJS.WritableStream,
): RowSink {
  const target = targetOf(name, path, stdout);
  return {
    kind: 'rows',
    deliver: (parcel, { signal }) => target.write(parcel, format, signal),
    check: () => target.check(),
    close: () => target.close(),
  };
}

function targetOf(name: string, path: string, stdout: NodeJS.WritableStream): LineTarget {
  if (path === '-') return streamTarget(name, stdout);
  return path.endsWith('/') ? folderTarget(name, path) : fileTarget(name, path);
}
