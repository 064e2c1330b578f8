import { join } from 'node:path';
import type { Logger } from 'pino';
import { deliverRows } from './deliver-rows.ts';
import { after, DeliveryLog } from './delivery-log.ts';
import {
  AuditlakeError,
  EXIT,
  type ExitCode,
  integrityError,
  messageOf,
  stopped,
} from './errors.ts';
import { homeFiles } from './home-files.ts';
import { openDeliverables, WHOLE } from './load/deliverables.ts';
import type { Published } from './load/published.ts';
import type { Outcome, StreamError } from './model.ts';
import {
  type FileSink,
  type Position,
  type RowSink,
  type Sink,
  type SinkTools,
  START,
  type TableName,
} from './sinks/port.ts';
import type { Archive } from './state/archive.ts';
import { type Positions, readPositions, writePositions } from './state/positions.ts';

/** A receiver as it takes part in a run. */
export type Delivery = { name: string; tables: readonly TableName[]; open: () => Sink };

/** What became of it. `rows` of a mirror are files; `lag` is how many seqs are not delivered. */
export type SinkResult = {
  sink: string;
  outcome: Outcome;
  rows: number;
  seq: number;
  lag: number;
  set_aside: number;
  error?: StreamError;
  exit: ExitCode;
};

export type DeliveryPorts = {
  archive: Archive;
  /** Null where there is no warehouse. */
  published: Published | null;
  /** SQL that makes OCSF events of audit events. */
  ocsf: string;
  /** Delivers again from this seq on, whatever was delivered. */
  fromSeq: number | null;
  signal: AbortSignal;
  now: () => number;
  onProgress(text: string): void;
  log: Logger;
};

/** Where a mirror's position stands in the file of positions. */
const MIRROR = 'archive';

/** Brings each receiver what it does not have. They work side by side: what goes wrong with one stops no other. */
export async function deliverAll(
  deliveries: readonly Delivery[],
  ports: DeliveryPorts,
): Promise<SinkResult[]> {
  return Promise.all(deliveries.map((delivery) => deliverTo(delivery, ports)));
}

type Tally = { rows: number; refused: number; seq: number; to: number };

async function deliverTo(delivery: Delivery, ports: DeliveryPorts): Promise<SinkResult> {
  const { name } = delivery;
  const { archive, log, now } = ports;
  const { home } = archive.layout;
  const tally: Tally = { rows: 0, refused: 0, seq: 0, to: archive.ledger.state.seq };
  const tools: SinkTools = {
    signal: ports.signal,
    now,
    onProgress: (text) => ports.onProgress(text),
    onWarning: (text) => log.warn({ sink: name }, text),
  };
  let positions: Positions | null = null;
  let exit: ExitCode = EXIT.complete;
  let error: StreamError | null = null;
  try {
    positions = await readPositions(home, name);
    tally.seq = seqOf(positions, delivery);
    if (ports.signal.aborted) throw stopped();
    const sink = delivery.open();
    try {
      await (sink.kind === 'rows'
        ? deliverTables(delivery, sink, { positions, tally }, ports, tools)
        : mirror(name, sink, { positions, tally }, ports, tools));
    } finally {
      await sink.close();
    }
  } catch (cause) {
    exit = cause instanceof AuditlakeError ? cause.exit : EXIT.failed;
    error = explained(cause);
    log.error({ sink: name, err: cause }, 'not everything was delivered');
  }
  const outcome =
    exit === EXIT.complete ? 'complete' : exit === EXIT.incomplete ? 'incomplete' : 'failed';
  if (tally.refused > 0) {
    log.warn(
      { sink: name, rows: tally.refused },
      'rows were refused and set aside: they are in the table anomalies after the next load',
    );
  }
  if (positions !== null) {
    const last = { at: new Date(now()).toISOString(), outcome, error } as const;
    await writePositions(home, name, { ...positions, last }, now());
    tally.seq = seqOf(positions, delivery);
  }
  return {
    sink: name,
    outcome,
    rows: tally.rows,
    seq: tally.seq,
    lag: Math.max(0, tally.to - tally.seq),
    set_aside: tally.refused,
    ...(error === null ? {} : { error }),
    exit,
  };
}

type Progress = { positions: Positions; tally: Tally };

async function deliverTables(
  { name, tables }: Delivery,
  receiver: RowSink,
  { positions, tally }: Progress,
  { archive, published, ocsf, fromSeq, now, log: logger }: DeliveryPorts,
  tools: SinkTools,
): Promise<void> {
  if (published === null) throw noWarehouse();
  const { home } = archive.layout;
  tally.to = published.seq;
  const deliverables = await openDeliverables(published, ocsf, (text) => logger.info(text));
  try {
    for (const table of tables) {
      const held = heldOf(positions, table, { name, fromSeq, last: archive.ledger.state.seq });
      const sameRows = positions.transform_version === published.transform_version;
      const log = new DeliveryLog(startOf(held, fromSeq, sameRows), {
        held,
        now,
        note: (line) => archive.noteDelivery({ kind: 'delivery', sink: name, table, ...line }),
        async save(position) {
          positions.tables[table] = position;
          positions.transform_version = published.transform_version;
          await writePositions(home, name, positions, now());
        },
      });
      const scratch = join(home, 'tmp', `deliver-${name}`);
      try {
        const what = { sink: name, table, to: published.seq, scratch };
        await deliverRows(what, { receiver, deliverables, log }, tools);
      } finally {
        tally.rows += log.rows;
        tally.refused += log.refused;
        await log.finish();
      }
    }
  } finally {
    await deliverables.close();
  }
}

async function mirror(
  name: string,
  receiver: FileSink,
  { positions, tally }: Progress,
  { archive, fromSeq, now }: DeliveryPorts,
  tools: SinkTools,
): Promise<void> {
  const { home } = archive.layout;
  const held = heldOf(positions, MIRROR, { name, fromSeq, last: archive.ledger.state.seq });
  const from = startOf(held, fromSeq, true).seq;
  const files = await homeFiles(archive, from, async (seq, count) => {
    tally.rows += count;
    const reached = after(Math.max(seq, held?.seq ?? 0));
    positions.tables[MIRROR] = { ...reached, unnoted: null };
    await writePositions(home, name, positions, now());
  });
  tally.to = files.to;
  let batches = 0;
  for await (const _ of archive.batchLines(from)) batches += 1;
  try {
    await receiver.mirror(files, tools);
  } finally {
    const to_seq = Math.max(positions.tables[MIRROR]?.seq ?? 0, from);
    // A line about nothing but the ledger's own growth would be the news of the next run, and so on.
    if (batches > 0 && tally.rows > 0) {
      const line = { from_seq: from, to_seq, rows: tally.rows, set_aside: [] };
      await archive.noteDelivery({ kind: 'delivery', sink: name, table: MIRROR, ...line });
    }
  }
}

type Held = Positions['tables'][string] | null;

/** @throws integrity if it is ahead of the archive, which then was cut or put back from an older copy */
function heldOf(
  { tables }: Positions,
  table: string,
  { name, fromSeq, last }: { name: string; fromSeq: number | null; last: number },
): Held {
  const held = tables[table] ?? null;
  if (held === null || held.seq <= last) return held;
  if (fromSeq !== null) return null;
  throw integrityError(
    `${name} has ${table} up to seq ${held.seq}, and the archive ends at ${last}`,
    `the archive was cut, or put back from an older copy: run \`auditlake verify\`, then \`auditlake deliver ${name} --from-seq N\` with the first seq that differs`,
  );
}

function startOf(held: Held, fromSeq: number | null, sameRows: boolean): Position {
  if (fromSeq !== null) return after(Math.max(0, fromSeq - 1));
  if (held === null) return START;
  const { seq, n } = held;
  // Another mapping may make other rows of the part that was delivered.
  return sameRows || n === WHOLE ? { seq, n } : after(Math.max(0, seq - 1));
}

/** What every table has reached. One that is no longer wanted holds nobody back. */
function seqOf(positions: Positions, { tables }: Delivery): number {
  const reached = [...tables, MIRROR].flatMap((table) => positions.tables[table]?.seq ?? []);
  return reached.length === 0 ? 0 : Math.min(...reached);
}

function noWarehouse(): AuditlakeError {
  return new AuditlakeError(
    'no-warehouse',
    'there is no warehouse to deliver from',
    'run `auditlake rebuild`: it is made from the archive',
    EXIT.incomplete,
  );
}

function explained(error: unknown): StreamError {
  if (error instanceof AuditlakeError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  return { code: 'defect', message: messageOf(error), hint: 'a defect: please report it' };
}
