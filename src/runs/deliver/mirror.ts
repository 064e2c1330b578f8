import { type RunSink, type DeliveryPorts, MIRROR, type Progress } from './delivery.ts';
import { homeFiles } from './home-files.ts';
import { resume } from './resume.ts';
import { after, type FileSink, type SinkTools } from '../../sinks/port.ts';

/** Delivers the files of archive and lake to a sink. */
export async function mirror(
  { name }: RunSink,
  receiver: FileSink,
  { positions, save, tally }: Progress,
  { archive, fromSeq }: DeliveryPorts,
  tools: SinkTools,
): Promise<void> {
  const last = archive.ledger.state.seq;
  const { held, start } = resume(positions, MIRROR, { name, fromSeq, last, to: last });
  const from = start.seq;
  const files = await homeFiles(archive, from, async (seq, count) => {
    tally.rows += count;
    const reached = after(Math.max(seq, held?.seq ?? 0));
    positions.tables[MIRROR] = { ...reached, unnoted: null, transform_version: null };
    await save();
  });
  tally.to = files.to;
  let batches = 0;
  for await (const _ of archive.batchLines(from)) batches += 1;
  try {
    await receiver.mirror(files, tools);
  } finally {
    const to_seq = Math.max(positions.tables[MIRROR]?.seq ?? 0, from);
    // A line about nothing but the ledger's own growth would be news for the next run, and so on.
    if (batches > 0 && tally.rows > 0) {
      const line = { from_seq: from, to_seq, rows: tally.rows, set_aside: [] };
      await archive.noteDelivery({ kind: 'delivery', sink: name, table: MIRROR, ...line });
    }
  }
}
