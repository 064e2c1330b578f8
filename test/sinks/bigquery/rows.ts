import { AuditlakeError } from '../../../src/errors.ts';
import type { Position, Row } from '../../../src/sinks/port.ts';

/** The row as it is known later. */
export function revised(row: Row, revision: number, position: Position): Row {
  const columns = { ...JSON.parse(row.json), action: `known.${revision}`, revision };
  return { ...row, revision, position, json: JSON.stringify({ ...columns, seq: position.seq }) };
}

export function newest(rows: Row[]): { uid: string; revision: number }[] {
  const best = new Map<string, number>();
  for (const { uid, revision } of rows) best.set(uid, Math.max(revision, best.get(uid) ?? 0));
  return [...best]
    .map(([uid, revision]) => ({ uid, revision }))
    .toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
}

export async function failing(work: Promise<unknown>): Promise<AuditlakeError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AuditlakeError) return error;
  throw error ?? new Error('nothing failed');
}
