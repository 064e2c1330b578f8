import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../state/layout.ts';

/** Something in the archive that is not as it was committed. */
export type Fault = {
  /** Relative to the archive folder. */
  file: string;
  /** Of a ledger segment, from 1. */
  line: number | null;
  seq: number | null;
  what: string;
  /** When it was still as it should be: the time of its commit, as the ledger has it. */
  committed_at: string | null;
  /** When the file was last changed, as the file system has it: a hint, since whoever alters a file may alter that. */
  changed_at: string | null;
};

/** A fault, with what the file system knows of the file. */
export async function faultAt(
  layout: Layout,
  where: Pick<Fault, 'file' | 'what'> & Partial<Fault>,
): Promise<Fault> {
  const changed = await stat(join(layout.archive, where.file)).catch(() => null);
  return {
    line: null,
    seq: null,
    committed_at: null,
    changed_at: changed?.ctime.toISOString() ?? null,
    ...where,
  };
}
