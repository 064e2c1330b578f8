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
  /** When it was committed and therefore intact, according to the ledger. */
  committed_at: string | null;
  /** When the file last changed, according to the file system: a hint only, since whoever alters a file can alter that too. */
  changed_at: string | null;
};

/** Adds when the file last changed. */
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
