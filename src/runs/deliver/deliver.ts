import { during } from '../../platform/progress.ts';
import type { SinkConfig } from '../../config/sinks.ts';
import type { SinkResult } from '../../documents/common.ts';
import { AuditlakeError, EXIT, stopped } from '../../errors.ts';
import type { Notary } from '../../platform/notary.ts';
import type { Published } from '../../load/warehouse/published.ts';
import type { SinkTools } from '../../sinks/port.ts';
import { writePositions } from '../../sinks/positions.ts';
import type { Archive } from '../../state/archive.ts';
import { OCSF } from '../../transform/ocsf.ts';
import type { Context } from '../context.ts';
import { endOf, type Piece } from '../outcome.ts';
import type { DeliveryPorts, RunSink, Tally } from './delivery.ts';
import { mirror } from './mirror.ts';
import { runSinkOf } from './open-sinks.ts';
import { mustFollow, trustedPositions } from './positions.ts';
import { seqOf } from './resume.ts';
import { deliverTables } from './tables.ts';
import { iso } from '../../platform/time.ts';

/** The home is locked meanwhile: a receiver that is so slow must not keep the vendor from being read. */
const LONGEST_MS = 3_600_000;

/** Delivers what the warehouse and the lake have now. */
export async function deliver(
  context: Context,
  what: {
    archive: Archive;
    published: Published | null;
    /** Vouches for it; null where nothing is signed. */
    notary: Notary | null;
    sinks: readonly SinkConfig[];
    /** Delivers again from this seq on, whatever was delivered; null for what is new. */
    fromSeq: number | null;
  },
): Promise<Piece<SinkResult>[]> {
  const { archive, published, notary, sinks, fromSeq } = what;
  const { signal, now, output } = context;
  return await during(output, 'delivering', (onProgress) =>
    deliverAll(
      sinks.map((sink) => runSinkOf(context, sink)),
      { archive, published, notary, ocsf: OCSF, fromSeq, signal, now, onProgress, log: output.log },
    ),
  );
}

/** Brings each receiver what it does not have. They work side by side: what goes wrong with one stops no other. */
export async function deliverAll(
  sinks: readonly RunSink[],
  ports: DeliveryPorts,
): Promise<Piece<SinkResult>[]> {
  return await Promise.all(sinks.map((sink) => deliverTo(sink, ports)));
}

async function deliverTo(runSink: RunSink, ports: DeliveryPorts): Promise<Piece<SinkResult>> {
  const { name } = runSink;
  const { archive, log } = ports;
  const tally: Tally = { rows: 0, unwanted: 0, refused: 0, seq: 0, to: archive.ledger.state.seq };
  let failure: unknown = null;
  try {
    await attempt(runSink, ports, tally);
  } catch (error) {
    failure = error;
    // A stack is for defects: an error of ours says what happened.
    const why =
      error instanceof AuditlakeError ? { code: error.code, why: error.message } : { err: error };
    log.error({ sink: name, ...why }, 'not everything was delivered');
  }
  const { rows, unwanted, refused, seq, to } = tally;
  if (refused > 0) {
    log.warn(
      { sink: name, rows: refused },
      'rows were refused and became dead letters: they are in the table anomalies after the next load',
    );
  }
  const { outcome, exit, error } = endOf(failure);
  const counts = {
    rows,
    ...(unwanted === 0 ? {} : { unwanted }),
    seq,
    lag: Math.max(0, to - seq),
    set_aside: refused,
  };
  const report = { sink: name, outcome, ...(error === null ? {} : { error }), ...counts };
  return { report, exit };
}

/** Says in the file of positions how it ended, and passes on why. */
async function attempt(runSink: RunSink, ports: DeliveryPorts, tally: Tally): Promise<void> {
  const { name } = runSink;
  const { archive, notary, log, now } = ports;
  const limit = AbortSignal.timeout(LONGEST_MS);
  const tools: SinkTools = {
    signal: AbortSignal.any([ports.signal, limit]),
    now,
    onProgress: (what) => ports.onProgress({ what }),
    onWarning: (text) => log.warn({ sink: name }, text),
  };
  const positions = await trustedPositions(archive, notary, name, (text) => log.warn(text));
  // As long as it is not known that they are positions in this ledger, they stay those in the other.
  let follows = false;
  const save = async (): Promise<void> => {
    if (follows) positions.line = archive.ledger.last;
    await writePositions(archive.layout.home, name, positions, { now: now(), notary });
  };
  const end = async (ended: unknown): Promise<void> => {
    tally.seq = seqOf(positions, runSink);
    const { outcome, error } = endOf(ended);
    positions.last = { at: iso(now()), outcome, error };
    await save();
  };
  try {
    if (ports.signal.aborted) throw stopped();
    if (ports.fromSeq === null) await mustFollow(archive, name, positions);
    follows = true;
    const sink = runSink.open();
    try {
      await (sink.kind === 'rows'
        ? deliverTables(runSink, sink, { positions, save, tally }, ports, tools)
        : mirror(runSink, sink, { positions, save, tally }, ports, tools));
    } finally {
      await sink.close();
    }
  } catch (error) {
    const why = limit.aborted && !ports.signal.aborted ? tooSlow(name) : error;
    // A disk that is full would hide why.
    await end(why).catch(() => undefined);
    throw why;
  }
  await end(null);
}

function tooSlow(name: string): AuditlakeError {
  return new AuditlakeError(
    'slow',
    `${name} did not take everything within ${LONGEST_MS / 60_000} minutes`,
    `the next run continues from there, or \`auditlake deliver ${name}\` now`,
    EXIT.incomplete,
  );
}
