import { after as afterSeq, type Parcel, type Position } from '../port.ts';
import type { BigQueryError } from './faults.ts';

type Located = { uid: string; position: Position };

/** Rows of the seqs in (`after`, `to`]; where `rows` names some, those of its one seq only. */
export type Range = { after: number; to: number; rows: readonly Located[] | null };

/**
 * Brings a range. A load job takes a file or leaves it: what is left is halved until the rows are found that it will not take,
 * and these are set aside.
 *
 * @param bring brings a range and says how many rows it had, or why its file was not taken
 * @returns how many rows were brought
 * @throws the refusal if more than one row was refused and none was taken: it is not the rows that are wrong
 */
export async function isolate(
  range: Range,
  parcel: Parcel,
  bring: (range: Range) => Promise<number | BigQueryError>,
): Promise<number> {
  let taken = 0;
  const refused: { row: Located; why: BigQueryError }[] = [];

  const go = async (part: Range): Promise<void> => {
    const result = await bring(part);
    if (typeof result === 'number') {
      taken += result;
      return;
    }
    const { halves, row } = await divide(part, parcel);
    for (const half of halves) await go(half);
    if (row !== null) refused.push({ row, why: result });
  };

  await go(range);
  const [first] = refused;
  if (first !== undefined && refused.length > 1 && taken === 0) throw first.why;
  for (const { row, why } of refused) await parcel.setAside(row, why.message);
  return taken;
}

/** Two halves of a range, or its only row. */
async function divide(
  { after, to, rows }: Range,
  parcel: Parcel,
): Promise<{ halves: Range[]; row: Located | null }> {
  const seqs =
    rows === null ? (await parcel.cuts(1)).filter((seq) => seq > after && seq <= to) : [];
  if (seqs.length > 1) {
    const middle = seqs[Math.floor(seqs.length / 2) - 1] ?? after;
    const halves = [
      { after, to: middle, rows: null },
      { after: middle, to, rows: null },
    ];
    return { halves, row: null };
  }
  const all = rows ?? (await rowsIn(parcel, after, to));
  if (all.length <= 1) return { halves: [], row: all[0] ?? null };
  const half = Math.ceil(all.length / 2);
  const halves = [all.slice(0, half), all.slice(half)].map((part) => ({ after, to, rows: part }));
  return { halves, row: null };
}

async function rowsIn(parcel: Parcel, after: number, to: number): Promise<Located[]> {
  const found: Located[] = [];
  for await (const portion of parcel.rows('auditlake', afterSeq(after))) {
    for (const { uid, position } of portion) {
      if (position.seq > to) return found;
      found.push({ uid, position });
    }
  }
  return found;
}
