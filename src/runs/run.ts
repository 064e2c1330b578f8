import { randomUUID } from 'node:crypto';
import { AuditlakeError, EXIT, type ExitCode, usageError, worstExit } from '../errors.ts';
import type { SourceReader, StreamReader } from '../extract/port.ts';
import type { BatchRef, Millis, Outcome, Quirk, StreamResult, Window } from '../model.ts';
import type { Archive } from '../state/archive.ts';
import { streamKey } from '../state/carried.ts';
import type { ComparedDay, Job, RunEntry } from '../state/ledger-schema.ts';
import type { Head } from '../state/head.ts';
import { StreamArchive } from '../state/stream-archive.ts';
import { judge } from './stream-outcome.ts';

export type Progress = {
  source: string;
  stream: string;
  pages: number;
  records: number;
  newRecords: number;
  /** How far in the window, from 0 to 1; null for snapshots. */
  fraction: number | null;
};

export type RunPorts = {
  archive: Archive;
  sources: SourceReader[];
  /** Which streams to read: `source/stream`. */
  wants: (source: string, stream: string) => boolean;
  /** Per source the streams that must work; the reader decides where a source says nothing. */
  required: (source: string) => readonly string[] | undefined;
  onBatch: (batch: BatchRef) => void;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
  now: () => Millis;
};

/** What the work on a stream has to say beyond its counts. It stays said where the work then fails. */
export type Told = {
  window: Window | null;
  /** When the oldest event happened that the vendor still serves, if it was found out. */
  oldest?: Millis;
  /** How far before the watermark is read again. */
  lookback?: Millis;
  checked?: ComparedDay[];
};

/** One stream of a run, as the work on it gets it. */
export type Task = {
  source: SourceReader;
  reader: StreamReader;
  archive: StreamArchive;
  vendorNow: Millis | null;
  now: () => Millis;
  signal: AbortSignal;
  told: Told;
  report(fraction: number | null): void;
};

/** What a run does. `sync` moves cursors, the others do not. */
export type RunJob = {
  job: Job;
  concerns: (reader: StreamReader) => boolean;
  work: (task: Task) => Promise<void>;
};

export type RunReport = {
  run_id: string;
  outcome: Outcome;
  exit: ExitCode;
  started_at: Millis;
  finished_at: Millis;
  streams: (StreamResult & Pick<Told, 'checked'>)[];
  /** In what the vendors' servers differ from what is documented, as far as it was met. */
  quirks: (Quirk & { source: string })[];
  /** The line that closed the run, to be kept elsewhere. */
  head: Head | null;
};

/** What a stream's end adds to its result for the ledger and the exit code. */
type StreamEnd = {
  result: StreamResult;
  told: Told;
  exit: ExitCode;
  organizationId: string;
  /** Whether it must work: who watches later knows by the ledger, without the configuration. */
  required: boolean;
  archive: StreamArchive | null;
};

/**
 * One execution: the work on every stream that is wanted, and the line that closes it. Sources run side
 * by side and share nothing; one failing stream stops no other.
 */
export async function run(job: RunJob, ports: RunPorts): Promise<RunReport> {
  const runId = randomUUID();
  const startedAt = ports.now();
  const ends = (
    await Promise.all(ports.sources.map((source) => runSource(runId, job, source, ports)))
  ).flat();
  const finishedAt = ports.now();
  const outcome = overall(ends.map((end) => end.result.outcome));
  const quirks = ports.sources.flatMap((source) =>
    source.observed().quirks.map((quirk) => ({ source: source.source, ...quirk })),
  );
  await ports.archive.closeRun({
    kind: 'run',
    job: job.job,
    run_id: runId,
    started_at: iso(startedAt),
    finished_at: iso(finishedAt),
    outcome,
    streams: ends.map(closingEntry),
    quirks,
  });
  return {
    run_id: runId,
    outcome,
    exit: worstExit(ends.map((end) => end.exit)),
    started_at: startedAt,
    finished_at: finishedAt,
    streams: ends.map(({ result, told: { checked } }) => ({
      ...result,
      ...(checked === undefined ? {} : { checked }),
    })),
    quirks,
    head: ports.archive.ledger.head,
  };
}

async function runSource(
  runId: string,
  job: RunJob,
  source: SourceReader,
  ports: RunPorts,
): Promise<StreamEnd[]> {
  const wanted = source.streams.filter(
    (reader) => job.concerns(reader) && ports.wants(source.source, reader.name),
  );
  const ends: StreamEnd[] = [];
  let identity: { organizationId: string; vendorNow: Millis | null };
  try {
    const known = ports.archive.ledger.state.organizations[source.source] ?? null;
    identity = await source.identify(known);
    refuseOtherOrganization(ports.archive, source.source, identity.organizationId);
  } catch (error) {
    return wanted.map((reader) =>
      ended(source, reader, error, ports, null, { organizationId: '', required: true }),
    );
  }
  for (const reader of wanted) {
    ends.push(await runStream(runId, job, source, reader, identity, ports));
  }
  return ends;
}

async function runStream(
  runId: string,
  job: RunJob,
  source: SourceReader,
  reader: StreamReader,
  identity: { organizationId: string; vendorNow: Millis | null },
  ports: RunPorts,
): Promise<StreamEnd> {
  const { organizationId, vendorNow } = identity;
  const before = source.observed().requests;
  const head = {
    source: source.source,
    vendor: source.vendor,
    stream: reader.name,
    stream_kind: reader.kind,
    organization_id: organizationId,
  };
  const archive = new StreamArchive(ports.archive, runId, head, ports.now, ports.onBatch, {
    keepsCursor: job.job !== 'sync',
  });
  const told: Told = { window: null };
  const { signal, now } = ports;
  const report = (fraction: number | null): void => {
    const { pages, records, new: newRecords } = archive.counts;
    const stream = reader.name;
    ports.onProgress({ source: source.source, stream, pages, records, newRecords, fraction });
  };
  let failure: unknown = null;
  try {
    await job.work({ source, reader, archive, vendorNow, now, signal, told, report });
  } catch (error) {
    failure = error;
    await archive.interrupt().catch((second: unknown) => {
      failure = second;
    });
  }
  failure ??= unbalanced(archive);
  const required = isRequired(source, reader, ports);
  const end = ended(source, reader, failure, ports, archive, { organizationId, required });
  end.result.requests = source.observed().requests - before;
  end.result.window = told.window;
  return { ...end, told };
}

function isRequired({ source }: SourceReader, reader: StreamReader, ports: RunPorts): boolean {
  return ports.required(source)?.includes(reader.name) ?? reader.required;
}

/** Every record that was received is new, changed or known, and what is new or changed was committed: anything else is a defect. */
function unbalanced({ counts }: StreamArchive): AuditlakeError | null {
  const { records, new: fresh, changed, known, committed } = counts;
  if (records === fresh + changed + known && committed === fresh + changed) return null;
  return new AuditlakeError(
    'unbalanced',
    `${records} records were received: ${fresh} new, ${changed} changed, ${known} known, and ${committed} of them committed; that does not add up`,
    'a defect: please report it with the log; `auditlake verify --against-source` shows what is missing',
    EXIT.failed,
  );
}

function ended(
  source: SourceReader,
  reader: StreamReader,
  failure: unknown,
  ports: RunPorts,
  archive: StreamArchive | null,
  about: { organizationId: string; required: boolean },
): StreamEnd {
  const key = streamKey(source.source, reader.name);
  const verdict = judge(failure, {
    required: about.required,
    workedBefore: ports.archive.ledger.state.cursors[key] !== undefined,
    needs: reader.needs,
  });
  const counts = archive?.counts;
  return {
    exit: verdict.exit,
    told: { window: null },
    organizationId: about.organizationId,
    required: isRequired(source, reader, ports),
    archive,
    result: {
      source: source.source,
      stream: reader.name,
      outcome: verdict.outcome,
      requests: 0,
      pages: counts?.pages ?? 0,
      records: counts?.records ?? 0,
      new_records: counts?.new ?? 0,
      changed_records: counts?.changed ?? 0,
      known_records: counts?.known ?? 0,
      absent_records: counts?.absent ?? 0,
      window: null,
      watermark: (archive?.cursor ?? ports.archive.ledger.cursor(source.source, reader.name))
        .watermark,
      ...(verdict.error === null ? {} : { error: verdict.error }),
    },
  };
}

/** Where a stream had no news there is no batch, so that the run's line carries its cursor and the digest of its pages. */
function closingEntry(end: StreamEnd): RunEntry['streams'][number] {
  const { result, archive, organizationId, required, told } = end;
  const cursor = archive?.pendingCursor ?? null;
  // A day that could not be read is the first of the next check.
  const upTo = told.checked?.findLast(({ state }) => state !== 'unread')?.day;
  return {
    ...result,
    window:
      result.window === null ? null : { from: iso(result.window.from), to: iso(result.window.to) },
    watermark: result.watermark === null ? null : iso(result.watermark),
    required,
    ...(organizationId === '' ? {} : { organization_id: organizationId }),
    ...(cursor === null ? {} : { cursor, pages_sha256: archive?.pagesSha256() }),
    ...(told.oldest === undefined ? {} : { oldest_served: iso(told.oldest) }),
    ...(told.lookback === undefined ? {} : { lookback_seconds: told.lookback / 1000 }),
    ...(told.checked === undefined ? {} : { checked: told.checked }),
    ...(upTo === undefined ? {} : { checked_up_to: upTo }),
  };
}

/** Mixing two organizations in one source would make every later answer wrong. */
function refuseOtherOrganization(archive: Archive, source: string, organizationId: string): void {
  const known = archive.ledger.state.organizations[source];
  if (known === undefined || known === organizationId) return;
  throw usageError(
    `source ${source}: the token belongs to organization ${organizationId}, but this home has ${known} under that name`,
    'give the other organization a source name of its own in auditlake.yaml, or use another home',
  );
}

function overall(outcomes: readonly Outcome[]): RunEntry['outcome'] {
  const order: RunEntry['outcome'][] = ['failed', 'incomplete'];
  return order.find((outcome) => outcomes.includes(outcome)) ?? 'complete';
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
