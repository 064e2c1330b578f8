import type { StreamDocument } from '../documents/run.ts';
import { AuditlakeError, EXIT, type ExitCode } from '../errors.ts';
import type { SourceReader, StreamReader } from '../extract/port.ts';
import { countingRequests } from '../extract/request-count.ts';
import type { Millis } from '../model.ts';
import { streamKey } from '../state/carried.ts';
import type { RunEntry } from '../state/ledger-schema.ts';
import { StreamArchive } from '../state/stream-archive.ts';
import type { StreamJob, StreamNotes } from './job.ts';
import { endOf } from './outcome.ts';
import type { ReadPorts } from './read-ports.ts';
import { iso } from '../platform/time.ts';
import { counted } from '../platform/counted.ts';

/** What is counted of a stream, as documents and the ledger have it. */
type StreamResult = Omit<StreamDocument, 'checked'>;

/** How a stream ended, for the document, the ledger and the exit code. */
export type StreamEnd = {
  result: StreamResult;
  notes: StreamNotes;
  exit: ExitCode;
  /** Null where the account could not be identified. */
  organizationId: string | null;
  /** Whether it must work: who watches later knows by the ledger, without the configuration. */
  required: boolean;
  /** Null where it was not begun. */
  archive: StreamArchive | null;
};

type OpenStream = {
  source: SourceReader;
  reader: StreamReader;
  organizationId: string;
  vendorNow: Millis | null;
};

/** Does a job on one stream. Never throws: what goes wrong is how the stream ended. */
export async function readStream(
  runId: string,
  job: StreamJob,
  { source, reader, organizationId, vendorNow }: OpenStream,
  ports: ReadPorts,
): Promise<StreamEnd> {
  const { signal, now } = ports;
  const head = {
    source: source.source,
    vendor: source.vendor,
    stream: reader.name,
    stream_kind: reader.kind,
    organization_id: organizationId,
  };
  const archive = new StreamArchive(ports.archive, runId, head, now, ports.onBatch, {
    keepsCursor: !job.movesCursor,
  });
  const notes: StreamNotes = { window: null };
  const onProgress = (fraction: number | null): void => {
    const { pages, records, new: newRecords } = archive.counts;
    const stream = reader.name;
    ports.onProgress({ source: source.source, stream, pages, records, newRecords, fraction });
  };
  let failure: unknown = null;
  const requests = await countingRequests(async () => {
    try {
      await job.read({ source, reader, archive, vendorNow, now, signal, notes, onProgress });
    } catch (error) {
      failure = error;
      await archive.interrupt().catch((second: unknown) => {
        failure = second;
      });
    }
  });
  failure ??= unbalanced(archive);
  return endedStream({ source, reader, failure, archive, notes, organizationId, requests }, ports);
}

/** A stream that was not begun, since the account could not be identified. */
export function unreadStream(
  source: SourceReader,
  reader: StreamReader,
  failure: unknown,
  ports: ReadPorts,
): StreamEnd {
  const notes = { window: null };
  const nothing = { archive: null, organizationId: null, requests: 0 };
  return endedStream({ source, reader, failure, notes, ...nothing }, ports);
}

/** Every record that was received is new, changed, known or kept out, and what is new or changed was committed: anything else is a defect. */
function unbalanced({ counts }: StreamArchive): AuditlakeError | null {
  const { records, new: fresh, changed, known, pruned, committed } = counts;
  const isCounted = records === fresh + changed + known + pruned;
  if (isCounted && committed === fresh + changed) return null;
  return new AuditlakeError(
    'unbalanced',
    `received ${counted(records, 'record')}: ${fresh} new, ${changed} changed, ${known} known, ${pruned} kept out, and ${committed} of them committed; that does not add up`,
    'a defect: please report it with the log; `auditlake verify --against-source` shows what is missing',
    EXIT.failed,
  );
}

/** Every part of a required stream must work: otherwise somebody has to act, although the rest was read. */
function unavailableParts(archive: StreamArchive | null): AuditlakeError | null {
  const { unavailable = 0, reasons = [] } = archive?.parts ?? {};
  const reason = reasons.find(({ ended }) => ended === 'unavailable');
  if (reason === undefined) return null;
  const count = unavailable === 1 ? 'one part' : `${unavailable} parts`;
  return new AuditlakeError(
    'parts-unavailable',
    `${count} could not be read, the rest was: ${reason.message}`,
    reason.hint,
    EXIT.person,
  );
}

function endedStream(
  of: Pick<OpenStream, 'source' | 'reader'> &
    Pick<StreamEnd, 'archive' | 'notes' | 'organizationId'> & {
      failure: unknown;
      requests: number;
    },
  { archive: { ledger }, isRequired }: ReadPorts,
): StreamEnd {
  const { reader, archive, notes, organizationId, requests } = of;
  const { source } = of.source;
  const { name: stream, needs } = reader;
  const required = isRequired(source, reader);
  const failure = of.failure ?? (required ? unavailableParts(archive) : null);
  const { outcome, exit, error } = endOf(failure, {
    // Without the account's first answer nothing was read at all.
    required: required || archive === null,
    workedBefore: ledger.state.cursors[streamKey(source, stream)] !== undefined,
    needs,
  });
  const counts = archive?.counts;
  const { watermark } = archive?.cursor ?? ledger.cursor(source, stream);
  const { window } = notes;
  const result: StreamResult = {
    source,
    stream,
    outcome,
    requests,
    pages: counts?.pages ?? 0,
    records: counts?.records ?? 0,
    new_records: counts?.new ?? 0,
    changed_records: counts?.changed ?? 0,
    known_records: counts?.known ?? 0,
    absent_records: counts?.absent ?? 0,
    ...(counts === undefined || counts.pruned === 0 ? {} : { pruned_records: counts.pruned }),
    window: window === null ? null : { from: iso(window.from), to: iso(window.to) },
    watermark: watermark === null ? null : iso(watermark),
    ...(error === null ? {} : { error }),
    ...(archive?.parts == null ? {} : { parts: archive.parts }),
  };
  return { result, notes, exit, organizationId, required, archive };
}

/** Where a stream had no news there is no batch, so that the run's line carries its cursor and the digest of its pages. */
export function ledgerEntry(end: StreamEnd): RunEntry['streams'][number] {
  const { result, archive, organizationId, required, notes } = end;
  const { oldestServed, lookback, compared, isChosen = false } = notes;
  const cursor = archive?.pendingCursor ?? null;
  // A day that could not be read is the first of the next comparison.
  const upTo = compared?.findLast(({ state }) => state !== 'unread')?.day;
  return {
    ...result,
    required,
    ...(organizationId === null ? {} : { organization_id: organizationId }),
    ...(cursor === null ? {} : { cursor, pages_sha256: archive?.pagesSha256() }),
    ...(oldestServed === undefined ? {} : { oldest_served: iso(oldestServed) }),
    ...(lookback === undefined ? {} : { lookback_seconds: lookback / 1000 }),
    ...(compared === undefined ? {} : { checked: compared }),
    ...(upTo === undefined || isChosen ? {} : { checked_up_to: upTo }),
  };
}
