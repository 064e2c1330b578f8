import { defineSink } from '../define.ts';
import type { RowFormat, RowSink } from '../port.ts';
import { check } from './check.ts';
import { options } from './options.ts';
import { writerFor } from './send.ts';

export const ndjson = defineSink({
  type: 'ndjson',
  title: 'NDJSON',
  receives: 'rows',
  formats: ['auditlake', 'ocsf'],
  options,
  secrets: {},
  place: ({ path }) => (path === '-' ? null : path),
  usesStdout: ({ path }) => path === '-',
  open: (name, { options: { path }, format }, { stdout }) =>
    openNdjson(name, { path, format }, stdout),
});

/**
 * Writes rows as lines of JSON, at least once: what was written just before a crash and not acknowledged is written again.
 *
 * @param stdout where the lines go if the path is `-`
 */
export function openNdjson(
  name: string,
  { path, format }: { path: string; format: RowFormat },
  stdout: NodeJS.WritableStream,
): RowSink {
  const write = writerFor(name, path, stdout);
  return {
    kind: 'rows',
    deliver: (delivery, { signal }) => write(delivery, format, signal),
    check: () => check(name, path, stdout),
    close: async () => undefined,
  };
}
