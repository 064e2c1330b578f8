import type { SinkStatus } from '../../documents/status.ts';
import { type Deliverables, openDeliverables } from '../../load/deliver/deliverables.ts';
import { DELIVERABLES } from '../../load/tables.ts';
import { isCurrent } from '../../load/warehouse/current.ts';
import type { Published } from '../../load/warehouse/published.ts';
import { knownSinks, type Positions, readPositions } from '../../sinks/positions.ts';

/** How far each sink is that ever took part in a run, measured against the warehouse. */
export async function sinksIn(
  home: string,
  published: Published | null,
  onMessage: (text: string) => void,
): Promise<SinkStatus[]> {
  const sinks = await knownSinks(home);
  if (sinks.length === 0) return [];
  // Rows are counted only: no events are made.
  const isReadable = published !== null && isCurrent(published);
  const deliverables = isReadable ? await openDeliverables(published, {}, onMessage) : null;
  try {
    const statuses: SinkStatus[] = [];
    for (const sink of sinks) {
      const { tables, last } = (await readPositions(home, sink, null)).positions;
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
): Promise<SinkStatus['tables']> {
  const to = published?.seq ?? 0;
  const statuses: SinkStatus['tables'] = [];
  for (const [table, position] of Object.entries(tables)) {
    const known = DELIVERABLES.find(({ name }) => name === table);
    const rows = known && (await deliverables?.count(known, position, to));
    const lag = Math.max(0, to - position.seq);
    statuses.push({ table, seq: position.seq, lag, lag_rows: rows ?? null });
  }
  return statuses;
}
