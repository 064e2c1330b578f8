import { Counter, Gauge, type Registry } from 'prom-client';
import type {
  DeliveryDocument,
  StatusDocument,
  SyncDocument,
  VerifyDocument,
} from './documents.ts';

/** What is told of streams, sinks and findings, from the documents of the commands that were run. */
export type DocumentMetrics = {
  /** What was known before this process. */
  status(document: StatusDocument): void;
  sync(document: SyncDocument): void;
  deliver(document: DeliveryDocument): void;
  verify(job: string, document: VerifyDocument): void;
};

const OUTCOMES = ['complete', 'incomplete', 'failed', 'unavailable'] as const;

export function documentMetrics(registry: Registry): DocumentMetrics {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: T[]): Counter<T> =>
    new Counter({ name: `auditlake_${name}`, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: T[]): Gauge<T> =>
    new Gauge({ name: `auditlake_${name}`, help, labelNames, registers });

  const requests = counter('requests_total', 'Requests to the vendor.', ['source', 'stream']);
  const pages = counter('pages_total', 'Pages that were read.', ['source', 'stream']);
  const records = counter(
    'records_total',
    'Records: all received, and those that were new, changed or no longer served.',
    ['source', 'stream', 'kind'],
  );
  const errors = counter('stream_errors_total', 'Streams that ended with an error.', [
    'source',
    'stream',
    'code',
  ]);
  const watermark = gauge(
    'stream_watermark_timestamp_seconds',
    'Event time up to which the stream has been read.',
    ['source', 'stream'],
  );
  const streamOutcome = gauge('stream_outcome', '1 for how the stream last ended.', [
    'source',
    'stream',
    'outcome',
  ]);
  const quirks = gauge('quirks', '1 for each way in which a vendor differs, as last met.', [
    'source',
    'code',
  ]);
  const rowsLoaded = counter('warehouse_rows_total', 'Rows loaded into the warehouse.', []);
  const warehouseSeq = gauge('warehouse_seq', 'Ledger number that the warehouse is at.', []);
  const lakeFiles = counter('lake_files_total', 'Files of the lake that were written.', []);
  const sinkRows = counter('sink_rows_total', 'Rows delivered to the sink.', ['sink']);
  const sinkSeq = gauge('sink_seq', 'Ledger number up to which the sink has everything.', ['sink']);
  const sinkLag = gauge('sink_lag', 'Ledger numbers that the sink still lacks.', ['sink']);
  const sinkOutcome = gauge('sink_outcome', '1 for how the last delivery ended.', [
    'sink',
    'outcome',
  ]);
  const faults = gauge('verify_faults', 'Faults that the job last found.', ['job']);

  const toSeq = (seq: number | null | undefined): void => {
    if (typeof seq === 'number') warehouseSeq.set(seq);
  };
  const count = (document: SyncDocument): void => {
    toSeq(document.warehouse?.seq);
    rowsLoaded.inc(document.warehouse?.rows ?? 0);
    lakeFiles.inc(document.lake?.files ?? 0);
    for (const { source, stream, error, ...entry } of document.streams) {
      requests.inc({ source, stream }, entry.requests);
      pages.inc({ source, stream }, entry.pages);
      const kinds = {
        received: entry.records,
        new: entry.new_records,
        changed: entry.changed_records,
        absent: entry.absent_records,
      };
      for (const [kind, n] of Object.entries(kinds)) records.inc({ source, stream, kind }, n);
      if (error !== undefined) errors.inc({ source, stream, code: error.code });
    }
  };
  const deliver = (document: DeliveryDocument): void => {
    for (const { sink, rows, seq, lag, outcome } of document.sinks) {
      sinkRows.inc({ sink }, rows);
      setOutcome(sinkOutcome, { sink }, outcome);
      if (seq !== null) sinkSeq.set({ sink }, seq);
      if (lag !== undefined) sinkLag.set({ sink }, lag);
    }
  };
  return {
    status(document) {
      toSeq(document.warehouse?.seq);
      for (const { stream: key, ...entry } of document.streams) {
        const [source = '', stream = ''] = key.split('/');
        if (entry.watermark !== null) watermark.set({ source, stream }, entry.watermark / 1000);
        if (entry.last_outcome !== null) {
          setOutcome(streamOutcome, { source, stream }, entry.last_outcome);
        }
      }
      for (const { sink, tables, last } of document.sinks) {
        if (last !== null) setOutcome(sinkOutcome, { sink }, last.outcome);
        if (tables.length === 0) continue;
        sinkSeq.set({ sink }, Math.min(...tables.map(({ seq }) => seq)));
        sinkLag.set({ sink }, Math.max(...tables.map(({ lag }) => lag)));
      }
    },
    sync(document) {
      count(document);
      quirks.reset();
      for (const { source, code } of document.quirks) quirks.set({ source, code }, 1);
      for (const { source, stream, ...entry } of document.streams) {
        if (entry.watermark !== null) watermark.set({ source, stream }, entry.watermark / 1000);
        setOutcome(streamOutcome, { source, stream }, entry.outcome);
      }
      deliver(document);
    },
    deliver,
    verify(job, document) {
      const isDifferent = ['different', 'unreadable'].includes(document.warehouse?.state ?? '');
      const found = document.faults.length + (document.lake?.faults.length ?? 0);
      faults.set({ job }, found + Number(isDifferent));
      // It reads from the vendor too, but moves no cursor: how streams stand is for `sync` to say.
      if (document.against_source != null) count(document.against_source);
    },
  };
}

/** A gauge per outcome, of which one is 1: so that an alert can name the outcome. */
function setOutcome<T extends string>(
  gauge: Gauge<T | 'outcome'>,
  labels: Record<T, string>,
  last: (typeof OUTCOMES)[number],
): void {
  for (const outcome of OUTCOMES) gauge.set({ ...labels, outcome }, Number(outcome === last));
}
