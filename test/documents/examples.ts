/** Documents as commands print them, for tests of those who read them. */
import type { DeliverDocument } from '../../src/documents/deliver.ts';
import type { RunDocument, StreamDocument } from '../../src/documents/run.ts';
import type { StatusDocument } from '../../src/documents/status.ts';
import type { VerifyDocument } from '../../src/documents/verify.ts';

const AT = '2026-06-10T00:00:00.000Z';

export const STREAM: StreamDocument = {
  source: 'emea',
  stream: 'audit-logs',
  outcome: 'complete',
  requests: 3,
  pages: 2,
  records: 150,
  new_records: 140,
  changed_records: 1,
  known_records: 9,
  absent_records: 0,
  window: null,
  watermark: AT,
};

const WELL = { verdict: 'complete', causes: [] };
const NOTHING_NEW = { outcome: 'complete', ms: 1, rows: 0, seq: null } as const;

/** A run that read these streams and had nothing to load or deliver. */
export function runOf(streams: StreamDocument[]): RunDocument {
  return {
    version: 1,
    run_id: '0b9d1c7e-8a43-4c55-9d0e-5f3c7a1b2d4e',
    outcome: 'complete',
    started_at: AT,
    finished_at: AT,
    streams,
    sinks: [],
    quirks: [],
    diagnosis: WELL,
    head: null,
    warehouse: NOTHING_NEW,
    lake: null,
  };
}

export const DELIVERED: DeliverDocument = {
  version: 1,
  outcome: 'complete',
  sinks: [],
  diagnosis: WELL,
  warehouse: NOTHING_NEW,
  lake: null,
};

export const VERIFIED: VerifyDocument = {
  version: 1,
  outcome: 'complete',
  faults: [],
  unfinished: [],
  home: null,
  segments: 1,
  ledgerLines: 3,
  batches: 1,
  pruned: 0,
  records: 150,
  seq: 3,
  signatures: { lines: 0, from_seq: null, up_to_seq: null, trusted: false },
  since: null,
  warehouse: { state: 'equal', what: 'equal to the archive at seq 3' },
  differences: [],
  mirror: null,
  lake: { files: 4, faults: [], unfinished: [], behind: null },
  exit: 0,
  against_source: null,
};

export const STATUS: StatusDocument = {
  version: 1,
  diagnosis: WELL,
  running: null,
  streams: [],
  warehouse: { seq: 12, archive_seq: 12 },
  sinks: [],
  anomalies: [],
  findings: { low: 0, medium: 0, high: 0, critical: 0 },
  unknown_actions: [],
  alarms: [],
  runs: [],
};

/** A stream as `status` has it. */
export function streamStatus(
  stream: string,
  rest: Partial<StatusDocument['streams'][number]>,
): StatusDocument['streams'][number] {
  return {
    stream,
    watermark: null,
    open_window: null,
    records: 0,
    newest_event: null,
    retention: null,
    vendor_keeps_seconds: null,
    last_outcome: null,
    last_error: null,
    ...rest,
  };
}
