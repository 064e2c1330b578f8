import { type Deliverables, openDeliverables } from '../load/deliver/deliverables.ts';
import { DELIVERABLES } from '../load/tables.ts';
import type { Published } from '../load/warehouse/published.ts';
import { printable } from '../platform/printable.ts';
import { knownSinks, type Positions, readPositions } from '../sinks/positions.ts';

/** Of one table; `lag_rows` is null for files, which are not counted. */
type TableStatus = { table: string; seq: number; lag: number; lag_rows: number | null };

export type SinkStatus = { sink: string; tables: TableStatus[]; last: Positions['last'] };

/** How far each sink is that ever took part in a run, measured against the warehouse. */
export async function sinksIn(
  home: string,
  published: Published | null,
  onMessage: (text: string) => void,
): Promise<SinkStatus[]> {
  const sinks = await knownSinks(home);
  if (sinks.length === 0) return [];
  // Rows are counted only: no events are made.
  const deliverables = published === null ? null : await openDeliverables(published, '', onMessage);
  try {
    const statuses: SinkStatus[] = [];
    for (const sink of sinks) {
      const { tables, last } = await readPositions(home, sink);
      statuses.push({ sink, tables: await tablesOf(tables, published, deliverables), last });
    }
    return statuses;
  } finally {
    await deliverables?.close();
  }
}

async function tablesOf(
  tables: Positions['tables'],
  published: Published | null,
  deliverables: Deliverables | null,
): Promise<TableStatus[]> {
  const to = published?.seq ?? 0;
  const statuses: TableStatus[] = [];
  for (const [table, position] of Object.entries(tables)) {
    const known = DELIVERABLES.find(({ name }) => name === table);
    const rows = known && (await deliverables?.count(known, position, to));
    const lag = Math.max(0, to - position.seq);
    statuses.push({ table, seq: position.seq, lag, lag_rows: rows ?? null });
  }
  return statuses;
}

export function sinksScreen(sinks: readonly SinkStatus[]): string[] {
  return sinks.flatMap(({ sink, tables, last }) => [
    ...tables.map(({ table, seq, lag, lag_rows }) => {
      const behind =
        lag === 0 ? '' : `, ${lag} behind${lag_rows === null ? '' : ` (${lag_rows} rows)`}`;
      return `${sink}: ${table} delivered up to seq ${seq}${behind}`;
    }),
    ...(last?.error == null
      ? []
      : [
          `${sink}: last ${last.outcome}: ${printable(last.error.message)} - ${printable(last.error.hint)}`,
        ]),
  ]);
}
