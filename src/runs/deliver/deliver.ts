import type { RunSink, DeliveryPorts, SinkResult, Tally } from './delivery.ts';
import { deliverTables } from './tables.ts';
import { AuditlakeError, EXIT, messageOf, stopped } from '../../errors.ts';
import { mirror } from './mirror.ts';
import { seqOf } from './resume.ts';
import type { SinkTools } from '../../sinks/port.ts';
import { readPositions, writePositions } from '../../sinks/positions.ts';

/** The home is locked meanwhile: a receiver that is so slow must not keep the vendor from being read. */
const LONGEST_MS = 3_600_000;

/** Brings each receiver what it does not have. They work side by side: what goes wrong with one stops no other. */
export async function deliverAll(
  sinks: readonly RunSink[],
  ports: DeliveryPorts,
): Promise<SinkResult[]> {
  return Promise.all(sinks.map((sink) => deliverTo(sink, ports)));
}

async function deliverTo(delivery: RunSink, ports: DeliveryPorts): Promise<SinkResult> {
  const { name } = delivery;
  const { archive, log } = ports;
  const tally: Tally = { rows: 0, refused: 0, seq: 0, to: archive.ledger.state.seq };
  const ended = await attempt(delivery, ports, tally).then(
    () => null,
    (error: unknown) => error,
  );
  // A stack is for defects: an error of ours says what happened.
  const told =
    ended instanceof AuditlakeError ? { code: ended.code, why: ended.message } : { err: ended };
  if (ended !== null) log.error({ sink: name, ...told }, 'not everything was delivered');
  if (tally.refused > 0) {
    log.warn(
      { sink: name, rows: tally.refused },
      'rows were refused and set aside: they are in the table anomalies after the next load',
    );
  }
  return {
    sink: name,
    ...verdictOf(ended),
    rows: tally.rows,
    seq: tally.seq,
    lag: Math.max(0, tally.to - tally.seq),
    set_aside: tally.refused,
  };
}

/** Says in the file of positions how it ended, and passes on why. */
async function attempt(delivery: RunSink, ports: DeliveryPorts, tally: Tally): Promise<void> {
  const { name } = delivery;
  const { archive, log, now } = ports;
  const { home } = archive.layout;
  const limit = AbortSignal.timeout(LONGEST_MS);
  const tools: SinkTools = {
    signal: AbortSignal.any([ports.signal, limit]),
    now,
    onProgress: (text) => ports.onProgress(text),
    onWarning: (text) => log.warn({ sink: name }, text),
  };
  const positions = await readPositions(home, name);
  const end = async (ended: unknown): Promise<void> => {
    tally.seq = seqOf(positions, delivery);
    const { outcome, error = null } = verdictOf(ended);
    positions.last = { at: new Date(now()).toISOString(), outcome, error };
    await writePositions(home, name, positions, now());
  };
  try {
    if (ports.signal.aborted) throw stopped();
    const sink = delivery.open();
    try {
      await (sink.kind === 'rows'
        ? deliverTables(delivery, sink, { positions, tally }, ports, tools)
        : mirror(delivery, sink, { positions, tally }, ports, tools));
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
    `the next run goes on from there, or \`auditlake deliver ${name}\` now`,
    EXIT.incomplete,
  );
}

function verdictOf(ended: unknown): Pick<SinkResult, 'outcome' | 'exit' | 'error'> {
  if (ended === null) return { outcome: 'complete', exit: EXIT.complete };
  if (!(ended instanceof AuditlakeError)) {
    const error = { code: 'defect', message: messageOf(ended), hint: 'please report it' };
    return { outcome: 'failed', exit: EXIT.failed, error };
  }
  const { code, message, hint, exit } = ended;
  const outcome = exit === EXIT.incomplete ? 'incomplete' : 'failed';
  return { outcome, exit, error: { code, message, hint } };
}
