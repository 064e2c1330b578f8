/** Reads an archive with nothing but gunzip and JSON, as the description of its format says. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type ReadLine = {
  kind: string;
  seq: number;
  at: string;
  file?: string;
  recovered?: { what: string; kept_as: string }[];
};

type BatchLine = { kind: string; key: string; record: string };

/** What the archive says happened to keys, in order: a content was archived, or the vendor no longer served the key. */
export type Step = { key: string; text: string | null };

export async function readLedger(home: string): Promise<ReadLine[]> {
  const folder = join(home, 'archive', 'ledger');
  const segments: string[] = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    segments.toSorted().map((name) => readFile(join(folder, name), 'utf8')),
  );
  // What has no newline at its end was not committed.
  return texts.flatMap((text) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as ReadLine),
  );
}

export async function readSteps(home: string): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { file } of await readLedger(home)) {
    if (file === undefined) continue;
    const text = gunzipSync(await readFile(join(home, 'archive', file))).toString('utf8');
    for (const line of text.split('\n').slice(0, -1)) {
      const { kind, key, record } = JSON.parse(line) as BatchLine;
      if (kind === 'record') steps.push({ key, text: record });
      if (kind === 'absent') steps.push({ key, text: null });
    }
  }
  return steps;
}
