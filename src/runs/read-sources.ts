import { randomUUID } from 'node:crypto';
import type { RunDocument, StreamDocument } from '../documents/run.ts';
import { usageError } from '../errors.ts';
import type { SourceReader } from '../extract/port.ts';
import type { Millis } from '../model.ts';
import { organizationOf } from '../state/ledger-state.ts';
import { readVerified } from '../state/verified.ts';
import type { StreamJob } from './job.ts';
import { outcomeOf, type Piece, worstExit } from './outcome.ts';
import type { ReadPorts } from './read-ports.ts';
import { ledgerEntry, readStream, type StreamEnd, unreadStream } from './read-stream.ts';
import { sideBySide } from '../platform/side-by-side.ts';
import { iso } from '../platform/time.ts';

/** What was read, as it stands in the document of a run; the outcome is that of the reading alone. */
export type ReadReport = Pick<
  RunDocument,
  'run_id' | 'outcome' | 'started_at' | 'finished_at' | 'streams' | 'quirks' | 'head'
>;

/**
 * Does a job on every stream that is wanted and closes the run with a line in the ledger. Sources are read side by side and
 * share nothing, and so are the streams of a source, as many as it may have requests under way; one failing stream stops no
 * other.
 */
export async function readSources(job: StreamJob, ports: ReadPorts): Promise<Piece<ReadReport>> {
  const { archive, sources } = ports;
  const run_id = randomUUID();
  const started_at = iso(ports.now());
  const ends = (
    await Promise.all(sources.map((source) => readSource(run_id, job, source, ports)))
  ).flat();
  const finished_at = iso(ports.now());
  const exit = worstExit(ends.map((end) => end.exit));
  const outcome = outcomeOf(exit);
  const quirks = sources.flatMap((source) =>
    source.observed().quirks.map((quirk) => ({ source: source.source, ...quirk })),
  );
  const verified = await readVerified(archive.layout);
  await archive.closeRun({
    kind: 'run',
    job: job.name,
    run_id,
    started_at,
    finished_at,
    outcome,
    streams: ends.map(ledgerEntry),
    ...(verified === null ? {} : { verified: verified.sha256 }),
    quirks,
  });
  const { head } = archive.ledger;
  const streams = ends.map(withDays);
  return { report: { run_id, outcome, started_at, finished_at, streams, quirks, head }, exit };
}

async function readSource(
  runId: string,
  job: StreamJob,
  source: SourceReader,
  ports: ReadPorts,
): Promise<StreamEnd[]> {
  const { archive } = ports;
  const wanted = source.streams.filter(
    (reader) => job.concerns(reader) && ports.wants(source.source, reader.name),
  );
  const known = organizationOf(archive.ledger.state, source.source);
  let identity: { organizationId: string; vendorNow: Millis | null };
  try {
    identity = await source.identify(known);
    refuseOtherOrganization(source.source, known, identity.organizationId);
  } catch (error) {
    return wanted.map((reader) => unreadStream(source, reader, error, ports));
  }
  return await sideBySide(wanted, source.concurrency, (reader) =>
    readStream(runId, job, { source, reader, ...identity }, ports),
  );
}

/** Mixing two organizations in one source would make every later answer wrong. */
function refuseOtherOrganization(source: string, known: string | null, found: string): void {
  if (known === null || known === found) return;
  throw usageError(
    `source ${source}: the token belongs to organization ${found}, but this home has ${known} under that name`,
    'give the other organization a source name of its own in auditlake.yaml, or use another home',
  );
}

function withDays({ result, notes: { compared } }: StreamEnd): StreamDocument {
  return compared === undefined ? result : { ...result, checked: compared };
}
