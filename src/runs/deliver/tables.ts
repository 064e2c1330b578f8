import { join } from 'node:path';
import { deliverRows } from './rows.ts';
import { DeliveryLog } from './log.ts';
import type { RunSink, DeliveryPorts, Progress } from './delivery.ts';
import { AuditlakeError, EXIT } from '../../errors.ts';
import { openDeliverables } from '../../load/deliver/deliverables.ts';
import { readingPublished } from '../../load/warehouse/read-published.ts';
import { scratchFolder } from '../../load/scratch.ts';
import { deliverableTable } from '../../load/tables.ts';
import { resume } from './resume.ts';
import { after, type RowSink, type SinkTools, wholeSeq } from '../../sinks/port.ts';

/** Delivers the rows of its tables to a sink, one table after the other. */
export async function deliverTables(
  { name, tables }: RunSink,
  receiver: RowSink,
  { positions, save, tally }: Progress,
  { archive, published, notary, ocsf, fromSeq, now, log: logger }: DeliveryPorts,
  tools: SinkTools,
): Promise<void> {
  if (published === null) throw noWarehouse();
  const { home } = archive.layout;
  tally.to = published.seq;
  const deliverables = await openDeliverables(published, ocsf, (text) => logger.info(text));
  try {
    for (const table of tables.map(deliverableTable)) {
      const { transform_version } = published;
      const { held, start } = resume(positions, table.name, {
        name,
        fromSeq,
        last: archive.ledger.state.seq,
        to: published.seq,
      });
      // With another mapping, a seq of which a part was delivered may have other rows.
      const isSame = held === null || held.transform_version === transform_version;
      const log = new DeliveryLog(isSame ? start : after(wholeSeq(start)), {
        held,
        now,
        note: (line) =>
          archive.noteDelivery({ kind: 'delivery', sink: name, table: table.name, ...line }),
        async save(position) {
          positions.tables[table.name] = { ...position, transform_version };
          await save();
        },
      });
      const scratch = join(scratchFolder(home), `deliver-${name}`);
      try {
        const what = { sink: name, table, to: published.seq, scratch };
        await readingPublished(published, notary, () =>
          deliverRows(what, { receiver, deliverables, log }, tools),
        ).catch((error: unknown) => {
          // What was sent may not be what the archive has: it is sent again.
          if (error instanceof AuditlakeError && error.exit === EXIT.integrity) {
            log.takeBack(start);
          }
          throw error;
        });
      } finally {
        tally.rows += log.rows - log.unwanted;
        tally.unwanted += log.unwanted;
        tally.refused += log.refused;
        await log.finish();
      }
    }
    // A warehouse that could not be brought up to the archive may lack the very findings that matter: a receiver that takes
    // silence for "all is well" must not hear that everything was delivered.
    if (!(await archive.hasBatches(published.seq))) {
      await receiver.finished?.({ seq: published.seq }, tools);
    }
  } finally {
    await deliverables.close();
  }
}

function noWarehouse(): AuditlakeError {
  return new AuditlakeError(
    'no-warehouse',
    'there is no warehouse to deliver from',
    'run `auditlake rebuild`: it is made from the archive',
    EXIT.incomplete,
  );
}
