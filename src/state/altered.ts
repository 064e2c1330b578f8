/**
 * What the last verification found altered or lost, for those who are not there when it runs: `status` and detections say it until a
 * whole verification finds nothing. It lies outside of archive and warehouse, since neither has to be readable then. Whoever can write
 * into the home can remove it, as they can remove the program: the exit code and the mirror remain.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../platform/durable.ts';
import { readPlain } from '../platform/plain-file.ts';
import type { Layout } from './layout.ts';

const NOTE = z.strictObject({
  version: z.literal(1),
  /** When it was first found. */
  at: z.string(),
  found: z.array(
    z.strictObject({
      part: z.enum(['archive', 'warehouse', 'lake']),
      /** How many faults. */
      faults: z.number().int().positive(),
      /** The first of them. */
      what: z.string(),
    }),
  ),
});

export type Altered = Omit<z.infer<typeof NOTE>, 'version'>;

const LARGEST = 64 * 1024;

/** A path of a file may be long; this is to be read by a person. */
const LONGEST_TEXT = 500;

function fileOf(layout: Layout): string {
  return join(layout.home, 'altered.json');
}

/** Null if the last verification found nothing, or there was none. A note that cannot be read says so: somebody was at it. */
export async function readAltered(layout: Layout): Promise<Altered | null> {
  try {
    const text = (await readPlain(fileOf(layout), LARGEST)).toString('utf8');
    const { version: _, ...noted } = NOTE.parse(JSON.parse(text));
    return noted;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const what = 'altered.json, which says what a verification found, cannot be read';
    return { at: '', found: [{ part: 'archive', faults: 1, what }] };
  }
}

/** @param found nothing removes the note */
export async function noteAltered(
  layout: Layout,
  at: string,
  found: Altered['found'],
): Promise<void> {
  const former = await readAltered(layout);
  if (found.length === 0) {
    if (former !== null) await rm(fileOf(layout), { force: true });
    return;
  }
  const short = found.map((one) => ({ ...one, what: one.what.slice(0, LONGEST_TEXT) }));
  const since = former === null || former.at === '' ? at : former.at;
  await writeDurably(
    fileOf(layout),
    `${JSON.stringify({ version: 1, at: since, found: short })}\n`,
  );
}
