import { mkdir, rm } from 'node:fs/promises';
import { AuditlakeError, EXIT } from '../../errors.ts';
import type { Deliverables } from '../../load/deliver/deliverables.ts';
import type { DeliverableTable } from '../../load/tables.ts';
import type { DeliveryLog } from './log.ts';
import {
  after,
  order,
  type Delivery,
  type Position,
  type RowSink,
  type SinkTools,
  wholeSeq,
} from '../../sinks/port.ts';
import { counted } from '../../platform/counted.ts';

/**
 * Delivers the rows of a table to a sink, from the log's position up to a seq, and checks that none was lost on the way.
 */
export async function deliverRows(
  input: { sink: string; table: DeliverableTable; to: number; scratch: string },
  {
    receiver,
    deliverables,
    log,
  }: { receiver: RowSink; deliverables: Deliverables; log: DeliveryLog },
  tools: SinkTools,
): Promise<void> {
  const { sink, table, to, scratch } = input;
  const start = log.reached;
  if ((await deliverables.count(table, start, to)) > 0) {
    const asked = { from: start };
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    try {
      await receiver.deliver(deliveryOf({ ...input, start, asked }, deliverables, log), tools);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    const rows = await deliverables.count(table, asked.from, to);
    if (rows !== log.rows + log.refused) {
      const error = unbalanced(sink, table.name, start, { rows, log, to });
      // Otherwise the next run would start after what was lost, and report success.
      log.takeBack(start);
      throw error;
    }
  }
  if (order(after(to), log.reached) > 0) await log.acknowledged(after(to), 0);
}

function deliveryOf(
  {
    table,
    to,
    scratch,
    start,
    asked,
  }: {
    table: DeliverableTable;
    to: number;
    scratch: string;
    start: Position;
    asked: { from: Position };
  },
  deliverables: Deliverables,
  log: DeliveryLog,
): Delivery {
  // A sink that takes whole seqs starts with all of a seq of which a part was delivered.
  const startAt = (position: Position): void => {
    if (order(position, asked.from) < 0) asked.from = position;
  };
  return {
    table,
    after: start,
    to,
    scratch,
    rows: (format, from = start) => {
      startAt(from);
      return deliverables.rows(table, format, from, to);
    },
    parquet: (file, from, upTo, lines) => {
      startAt(after(from));
      return deliverables.parquet(table, file, from, upTo, lines);
    },
    splits: (rows) => deliverables.cuts(table, wholeSeq(start), to, rows),
    acknowledged: (position, rows, unwanted) => log.acknowledged(position, rows, unwanted),
    deadLetter: async (row, reason) => log.deadLetter(row, reason),
  };
}

function unbalanced(
  sink: string,
  table: string,
  start: Position,
  { rows, log, to }: { rows: number; log: DeliveryLog; to: number },
): AuditlakeError {
  return new AuditlakeError(
    'unbalanced',
    `${sink}: the warehouse has ${counted(rows, 'row')} of ${table} after seq ${wholeSeq(start)} up to ${to}, ${log.rows} were delivered and ${log.refused} are dead letters`,
    `please report it, and run \`auditlake deliver ${sink} --from-seq ${wholeSeq(start) + 1}\`, which sends them again`,
    EXIT.failed,
  );
}
