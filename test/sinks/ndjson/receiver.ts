/** Where the lines of an NDJSON sink go, and what can be read there. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { openNdjson } from '../../../src/sinks/ndjson/sink.ts';
import type { RowReceiver } from '../receiver.ts';

export async function ndjsonReceiver(to: 'stdout' | 'file' | 'folder'): Promise<RowReceiver> {
  const folder = await temporaryFolder();
  const stdout = textSink();
  const path = { stdout: '-', file: join(folder, 'rows.ndjson'), folder: `${folder}/` }[to];
  return {
    configured: { path },
    open: async () => openNdjson('stream', { path, format: 'auditlake' }, stdout.stream),
    received: async () => rowsIn(to === 'stdout' ? stdout.text() : await textIn(folder)),
    exact: false,
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-ndjson-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A standard output that keeps what it gets. */
export function textSink(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

async function textIn(folder: string): Promise<string> {
  const names = (await readdir(folder)).toSorted();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

export function rowsIn(text: string): { uid: string; revision: number }[] {
  const lines = text.split('\n');
  // Every line is terminated, so that nothing follows the last newline.
  if (lines.pop() !== '') throw new Error('a torn line');
  return lines.map((line) => {
    const { event_uid: uid, revision } = JSON.parse(line) as {
      event_uid: string;
      revision: number;
    };
    return { uid, revision };
  });
}
