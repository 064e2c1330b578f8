/** Rows as the objects that the event collector takes, in bodies of a size that it takes. */
import type { DeliveredTable, Position, Row } from '../port.ts';

/** Bytes before compression. Splunk Cloud refuses bodies from about 5 MB on, Splunk recommends about this much. */
export const BATCH_BYTES = 1_000_000;

export type Labels = {
  index: string | null;
  sourcetype: string;
  source: string | null;
  host: string | null;
};

/** A row on its way: `text` is one HEC event object. */
export type HecEvent = { uid: string; position: Position; text: string };

/**
 * Makes events of a table's rows. The tables have different columns, so that each has a sourcetype of its own:
 * `audit_events` the configured one, another table `auditlake:<table>`.
 */
export function eventMaker(table: DeliveredTable, labels: Labels): (row: Row) => HecEvent {
  const sourcetype = table.name === 'audit_events' ? labels.sourcetype : `auditlake:${table.name}`;
  const { index, source, host } = labels;
  const given = Object.entries({ host, source, sourcetype, index }).filter(([, it]) => it !== null);
  const fixed = JSON.stringify(Object.fromEntries(given)).slice(1, -1);
  return (row) => {
    // As texts, because Splunk refuses whole requests for some other values of indexed fields.
    const fields = {
      [table.uid]: row.uid,
      revision: String(row.revision),
      seq: String(row.position.seq),
    };
    // Without a time Splunk takes that of the arrival. Never in scientific notation: it is refused.
    const time = row.time === null ? '' : `"time":${(row.time / 1000).toFixed(3)},`;
    // The row's own text: parsing it would round long integers.
    const text = `{${time}${fixed},"fields":${JSON.stringify(fields)},"event":${row.json}}`;
    return { uid: row.uid, position: row.position, text };
  };
}

/** The events in their order, as many at a time as one request may bring; one that is larger alone goes alone. */
export async function* inBatches(
  portions: AsyncIterable<Row[]>,
  toEvent: (row: Row) => HecEvent,
): AsyncGenerator<[HecEvent, ...HecEvent[]]> {
  let batch: HecEvent[] = [];
  let bytes = 0;
  for await (const rows of portions) {
    for (const row of rows) {
      const event = toEvent(row);
      const size = Buffer.byteLength(event.text) + 1;
      const [first, ...more] = batch;
      if (first !== undefined && bytes + size > BATCH_BYTES) {
        yield [first, ...more];
        batch = [];
        bytes = 0;
      }
      batch.push(event);
      bytes += size;
    }
  }
  const [first, ...more] = batch;
  if (first !== undefined) yield [first, ...more];
}
