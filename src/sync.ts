import { randomUUID } from 'node:crypto';
import { type ExitCode, usageError, worstExit } from './errors.ts';
import { ahead } from './extract/ahead.ts';
import { type WindowPlan, watermarkAfter } from './extract/window-plan.ts';
import type {
  BatchRef,
  Millis,
  Outcome,
  Quirk,
  SourceReader,
  StreamReader,
  StreamResult,
} from './model.ts';
import { planFor, type Reach } from './plan.ts';
import { judge } from './stream-outcome.ts';
import type { Archive } from './state/archive.ts';
import { type RunLine, streamKey } from './state/ledger-line.ts';
import { StreamArchive } from './state/stream-archive.ts';

export type Progress = {
  source: string;
  stream: string;
  pages: number;
  records: number;
  newRecords: number;
  /** How far in the window, from 0 to 1; null for snapshots. */
  fraction: number | null;
};

export type SyncSettings = Reach & {
  /** Per source: the start of a first sync, and which streams must work. */
  sources: Record<string, { start: Millis | null; required: readonly string[] }>;
};

export type SyncPorts = {
  archive: Archive;
  sources: SourceReader[];
  /** Which streams to read: `source/stream`. */
  wants: (source: string, stream: string) => boolean;
  onBatch: (batch: BatchRef) => void;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
  now: () => Millis;
};

export type SyncReport = {
  run_id: string;
  outcome: Outcome;
  exit: ExitCode;
  started_at: Millis;
  finished_at: Millis;
  streams: StreamResult[];
  /** In what the vendors' servers differ from what is documented, as far as it was met. */
  quirks: (Quirk & { source: string })[];
};

/** What a stream's end adds to its result for the ledger and the exit code. */
type StreamEnd = {
  result: StreamResult;
  exit: ExitCode;
  organizationId: string;
  archive: StreamArchive | null;
};

/**
 * The main job: every stream of every source, from its cursor to now, into the archive. Sources run side
 * by side and share nothing; one failing stream stops no other.
 */
export async function sync(settings: SyncSettings, ports: SyncPorts): Promise<SyncReport> {
  const runId = randomUUID();
  const startedAt = ports.now();
  const ends = (
    await Promise.all(ports.sources.map((source) => syncSource(runId, source, settings, ports)))
  ).flat();
  const finishedAt = ports.now();
  const outcome = overall(ends.map((end) => end.result.outcome));
  const quirks = ports.sources.flatMap((source) =>
    source.observed().quirks.map((quirk) => ({ source: source.source, ...quirk })),
  );
  await ports.archive.closeRun({
    kind: 'run',
    job: 'sync',
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
    streams: ends.map((end) => end.result),
    quirks,
  };
}

async function syncSource(
  runId: string,
  source: SourceReader,
  settings: SyncSettings,
  ports: SyncPorts,
): Promise<StreamEnd[]> {
  const wanted = source.streams.filter((reader) => ports.wants(source.source, reader.stream));
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
    ends.push(await syncStream(runId, source, reader, identity, settings, ports));
  }
  return ends;
}

async function syncStream(
  runId: string,
  source: SourceReader,
  reader: StreamReader,
  identity: { organizationId: string; vendorNow: Millis | null },
  settings: SyncSettings,
  ports: SyncPorts,
): Promise<StreamEnd> {
  const { organizationId, vendorNow } = identity;
  const before = source.observed().requests;
  const head = {
    source: source.source,
    vendor: source.vendor,
    stream: reader.stream,
    stream_kind: reader.kind,
    organization_id: organizationId,
  };
  const archive = new StreamArchive(ports.archive, runId, head, ports.now, ports.onBatch);
  const plan = planFor(reader, archive.cursor, settings, {
    start: settings.sources[source.source]?.start ?? null,
    ourNow: ports.now(),
    vendorNow,
  });
  let failure: unknown = null;
  try {
    if (reader.kind === 'snapshot') await readSnapshot(reader, archive, source, ports);
    else await readWindows(reader, archive, plan, source, ports);
  } catch (error) {
    failure = error;
    await archive.interrupt().catch((second: unknown) => {
      failure = second;
    });
  }
  const required =
    settings.sources[source.source]?.required.includes(reader.stream) ?? reader.required;
  const end = ended(source, reader, failure, ports, archive, { organizationId, required });
  end.result.requests = source.observed().requests - before;
  end.result.window = plan.windows.at(-1) ?? null;
  return end;
}

async function readWindows(
  reader: StreamReader,
  archive: StreamArchive,
  plan: WindowPlan,
  source: SourceReader,
  ports: SyncPorts,
): Promise<void> {
  for (const window of plan.windows) {
    await archive.beginWindow(window);
    if (plan.clock !== null) archive.finding('clock', plan.clock);
    for await (const page of ahead(reader.read(window))) {
      ports.signal.throwIfAborted();
      await archive.add(page);
      const place = page.place ?? window.place;
      const fraction = page.fraction ?? (place - window.from) / (window.to - window.from);
      report(source, reader, archive, ports, fraction);
    }
    const { place: from, to } = window;
    await archive.finishWindow({ from, to }, watermarkAfter(reader, window));
  }
}

async function readSnapshot(
  reader: StreamReader,
  archive: StreamArchive,
  source: SourceReader,
  ports: SyncPorts,
): Promise<void> {
  await archive.beginSnapshot();
  for await (const page of ahead(reader.read(null))) {
    ports.signal.throwIfAborted();
    await archive.add(page);
    report(source, reader, archive, ports, page.fraction ?? null);
  }
  await archive.finishSnapshot();
}

function report(
  source: SourceReader,
  reader: StreamReader,
  archive: StreamArchive,
  ports: SyncPorts,
  fraction: number | null,
): void {
  const { pages, records, new: newRecords } = archive.counts;
  ports.onProgress({
    source: source.source,
    stream: reader.stream,
    pages,
    records,
    newRecords,
    fraction,
  });
}

function ended(
  source: SourceReader,
  reader: StreamReader,
  failure: unknown,
  ports: SyncPorts,
  archive: StreamArchive | null,
  about: { organizationId: string; required: boolean },
): StreamEnd {
  const key = streamKey(source.source, reader.stream);
  const verdict = judge(failure, {
    required: about.required,
    workedBefore: ports.archive.ledger.state.cursors[key] !== undefined,
    ...(reader.needs === undefined ? {} : { needs: reader.needs }),
  });
  const counts = archive?.counts;
  return {
    exit: verdict.exit,
    organizationId: about.organizationId,
    archive,
    result: {
      source: source.source,
      stream: reader.stream,
      outcome: verdict.outcome,
      requests: 0,
      pages: counts?.pages ?? 0,
      records: counts?.records ?? 0,
      new_records: counts?.new ?? 0,
      changed_records: counts?.changed ?? 0,
      absent_records: counts?.absent ?? 0,
      window: null,
      watermark: (archive?.cursor ?? ports.archive.ledger.cursor(source.source, reader.stream))
        .watermark,
      ...(verdict.error === null ? {} : { error: verdict.error }),
    },
  };
}

/** Where a stream had no news there is no batch, so that the run's line carries its cursor and the digest of its pages. */
function closingEntry(end: StreamEnd): RunLine['streams'][number] {
  const { result, archive, organizationId } = end;
  const cursor = archive?.pendingCursor ?? null;
  return {
    ...result,
    window:
      result.window === null ? null : { from: iso(result.window.from), to: iso(result.window.to) },
    watermark: result.watermark === null ? null : iso(result.watermark),
    ...(organizationId === '' ? {} : { organization_id: organizationId }),
    ...(cursor === null ? {} : { cursor, pages_sha256: archive?.pagesSha256() }),
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

function overall(outcomes: readonly Outcome[]): Outcome {
  const order: Outcome[] = ['failed', 'incomplete'];
  return order.find((outcome) => outcomes.includes(outcome)) ?? 'complete';
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
