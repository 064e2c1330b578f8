/** Rows as objects of the event collector, in batches of a size that it accepts. */
import type { DeliveredTable, Position, Row } from '../port.ts';

/** Before compression. Splunk Cloud refuses bodies of about 5 MB and more; Splunk recommends about this much. */
export const BATCH_BYTES = 1_000_000;

/** What events are labelled with; Splunk has defaults for what is left out. */
export type Labels = {
  index?: string | undefined;
  sourcetype: string;
  source?: string | undefined;
  host?: string | undefined;
};

/** A row as one HEC event object, in `text`. */
export type HecEvent = { uid: string; position: Position; text: string };

/**
 * Makes events of a table's rows. Tables have different columns, so that each has a sourcetype of its own: the default table
 * the configured one, another table `auditlake:<table>`.
 */
export function eventMaker(table: DeliveredTable, labels: Labels): (row: Row) => HecEvent {
  const sourcetype = table.isDefault ? labels.sourcetype : `auditlake:${table.name}`;
  const { index, source, host } = labels;
  const fixed = JSON.stringify({ host, source, sourcetype, index }).slice(1, -1);
  return (row) => {
    // As texts, because Splunk refuses whole requests for some other values of indexed fields.
    const fields = {
      [table.uid]: row.uid,
      revision: String(row.revision),
      seq: String(row.position.seq),
    };
    // Without a time Splunk takes that of the arrival. Scientific notation is refused.
    const time = row.time === null ? '' : `"time":${(row.time / 1000).toFixed(3)},`;
    // The row's own text: parsing it would round long integers.
    const text = `{${time}${fixed},"fields":${JSON.stringify(fields)},"event":${row.json}}`;
    return { uid: row.uid, position: row.position, text };
  };
}

/** The events in their order, as many at a time as fit one request; one that is too large for that goes alone. */
export async function* inBatches(
  chunks: AsyncIterable<Row[]>,
  toEvent: (row: Row) => HecEvent,
): AsyncGenerator<[HecEvent, ...HecEvent[]]> {
  let batch: HecEvent[] = [];
  let bytes = 0;
  for await (const rows of chunks) {
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
