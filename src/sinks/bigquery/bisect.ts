import { after as afterSeq, type Delivery } from '../port.ts';
import type { BigQueryError } from './answers.ts';
import type { Located, Range } from './encode.ts';

/**
 * Sends a range. A load job takes a whole file or nothing of it, so a range that is refused is halved until the rows that
 * cannot be loaded are found; they become dead letters.
 *
 * @param send sends a range and returns how many rows it had, or why its file was refused
 * @returns how many rows were sent
 * @throws the refusal if more than one row was refused and none was accepted: it is not the rows that are wrong
 */
export async function bisect(
  range: Range,
  delivery: Delivery,
  send: (range: Range) => Promise<number | BigQueryError>,
): Promise<number> {
  let sent = 0;
  const refused: { row: Located; why: BigQueryError }[] = [];

  const go = async (part: Range): Promise<void> => {
    const result = await send(part);
    if (typeof result === 'number') {
      sent += result;
      return;
    }
    const { halves, row } = await divide(part, delivery);
    for (const half of halves) await go(half);
    if (row !== null) refused.push({ row, why: result });
  };

  await go(range);
  const [first] = refused;
  if (first !== undefined && refused.length > 1 && sent === 0) throw first.why;
  for (const { row, why } of refused) await delivery.deadLetter(row, why.message);
  return sent;
}

/** Two halves of a range, or its only row. */
async function divide(
  { after, to, rows }: Range,
  delivery: Delivery,
): Promise<{ halves: Range[]; row: Located | null }> {
  const seqs =
    rows === null ? (await delivery.splits(1)).filter((seq) => seq > after && seq <= to) : [];
  if (seqs.length > 1) {
    const middle = seqs[Math.floor(seqs.length / 2) - 1] ?? after;
    const halves = [
      { after, to: middle, rows: null },
      { after: middle, to, rows: null },
    ];
    return { halves, row: null };
  }
  const all = rows ?? (await rowsIn(delivery, after, to));
  if (all.length <= 1) return { halves: [], row: all[0] ?? null };
  const half = Math.ceil(all.length / 2);
  const halves = [all.slice(0, half), all.slice(half)].map((part) => ({ after, to, rows: part }));
  return { halves, row: null };
}

async function rowsIn(delivery: Delivery, after: number, to: number): Promise<Located[]> {
  const found: Located[] = [];
  for await (const rows of delivery.rows('auditlake', afterSeq(after))) {
    for (const { uid, position } of rows) {
      if (position.seq > to) return found;
      found.push({ uid, position });
    }
  }
  return found;
}
