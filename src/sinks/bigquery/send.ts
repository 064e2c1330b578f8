import { messageOf } from '../../errors.ts';
import { after, type Delivery, type SinkTools, wholeSeq } from '../port.ts';
import { BigQueryError } from './answers.ts';
import { bisect } from './bisect.ts';
import { call } from './call.ts';
import type { Connected } from './dataset.ts';
import { type Chunk, encode, type Range } from './encode.ts';
import { nameFor } from './jobs.ts';
import { loadIntoStaging } from './load.ts';
import { mergeStaging } from './merge.ts';
import type { Settings } from './options.ts';
import { prepareTable } from './table.ts';

type Sender = Connected & { name: string; settings: Settings };

/** Sends all rows of a delivery, chunk by chunk, and acknowledges each chunk. */
export async function deliver(
  delivery: Delivery,
  tools: SinkTools,
  { name, settings, ...connected }: Sender,
): Promise<void> {
  const owner = [name, settings.project, settings.dataset];
  const send = async (range: Range): Promise<number | BigQueryError> => {
    const chunk = await encode(range, delivery, owner);
    if (chunk === null) return 0;
    return (await sendChunk(chunk, connected, tools)) ?? chunk.rows;
  };
  // A file has whole seqs. If a part of one was delivered, all of it is sent again: the MERGE keeps each row once.
  let reached = wholeSeq(delivery.after);
  for (const split of await delivery.splits(settings.rowsPerJob)) {
    const rows = await bisect({ after: reached, to: split, rows: null }, delivery, send);
    await delivery.acknowledged(after(split), rows);
    tools.onProgress(`${name}: ${delivery.table.name} up to ${split}`);
    reached = split;
  }
}

/**
 * Loads a chunk into a staging table and merges it into its table. Each step is a job whose name follows from the chunk, so
 * that a repetition finds what was done, whatever crashed.
 *
 * @returns why the file was refused; null if it was not
 */
async function sendChunk(
  chunk: Chunk,
  { dataset, jobs }: Connected,
  tools: SinkTools,
): Promise<BigQueryError | null> {
  const staging = dataset.table(nameFor('staging', chunk.identity));
  // The staging table takes whatever columns the file has: what is invalid here is the file.
  const columns = await loadIntoStaging(chunk, { dataset, staging, jobs }, tools).catch(
    (error: unknown) => {
      if (error instanceof BigQueryError && error.fault === 'invalid') return error;
      throw error;
    },
  );
  if (columns instanceof BigQueryError) return columns;
  const created = await prepareTable(dataset, chunk.table, columns, jobs);
  await mergeStaging(chunk, { dataset, staging, columns, created, jobs }, tools);
  try {
    await call('drop of a staging table', jobs.pace, jobs.signal, () =>
      staging.delete({ ignoreNotFound: true }),
    );
  } catch (error) {
    if (jobs.signal.aborted) throw error;
    tools.onWarning(`${messageOf(error)}; ${staging.id ?? ''} expires within a day`);
  }
  return null;
}
