import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { documentMetrics } from '../../src/schedule/document-metrics.ts';
import { asStatus, asSync, asVerify } from '../../src/schedule/documents.ts';

const STREAM = {
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
  watermark: '2026-06-10T00:00:00.000Z',
};
const SYNC = {
  version: 1,
  streams: [
    STREAM,
    {
      ...STREAM,
      stream: 'users',
      outcome: 'failed',
      watermark: null,
      error: { code: 'vendor-error', message: 'GET https://a.test: <b>what a vendor said</b>' },
    },
  ],
  sinks: [
    { sink: 'siem', outcome: 'incomplete', rows: 90, seq: 7, lag: 3, error: { message: 'vendor' } },
  ],
  quirks: [{ source: 'emea', code: 'page-capped', what: 'as the vendor says' }],
  warehouse: { outcome: 'complete', rows: 140, seq: 10 },
  lake: { outcome: 'complete', files: 4, rows: 140, seq: 10 },
};
const VERIFY = {
  faults: [{ what: 'altered' }],
  warehouse: { state: 'different', what: 'one row' },
  lake: { files: 4, faults: [{ what: 'gone' }] },
};

/** The samples of auditlake's own, without those that are zero. */
async function samples(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines
    .filter((line) => line.startsWith('auditlake_') && !line.endsWith(' 0'))
    .map((line) => line.replace('auditlake_', ''));
}

test('what a sync told', async () => {
  const registry = new Registry();
  const metrics = documentMetrics(registry);
  const document = asSync(SYNC);
  if (document === null) throw new Error('it is refused');
  metrics.sync(document);
  expect(await samples(registry)).toEqual([
    'requests_total{source="emea",stream="audit-logs"} 3',
    'requests_total{source="emea",stream="users"} 3',
    'pages_total{source="emea",stream="audit-logs"} 2',
    'pages_total{source="emea",stream="users"} 2',
    'records_total{source="emea",stream="audit-logs",kind="received"} 150',
    'records_total{source="emea",stream="audit-logs",kind="new"} 140',
    'records_total{source="emea",stream="audit-logs",kind="changed"} 1',
    'records_total{source="emea",stream="users",kind="received"} 150',
    'records_total{source="emea",stream="users",kind="new"} 140',
    'records_total{source="emea",stream="users",kind="changed"} 1',
    'stream_errors_total{source="emea",stream="users",code="vendor-error"} 1',
    'stream_watermark_timestamp_seconds{source="emea",stream="audit-logs"} 1781049600',
    'stream_outcome{source="emea",stream="audit-logs",outcome="complete"} 1',
    'stream_outcome{source="emea",stream="users",outcome="failed"} 1',
    'quirks{source="emea",code="page-capped"} 1',
    'warehouse_rows_total 140',
    'warehouse_seq 10',
    'lake_files_total 4',
    'sink_rows_total{sink="siem"} 90',
    'sink_seq{sink="siem"} 7',
    'sink_lag{sink="siem"} 3',
    'sink_outcome{sink="siem",outcome="incomplete"} 1',
  ]);
  // Counters grow, and what was is replaced by what is.
  metrics.sync({
    ...document,
    streams: document.streams.map((stream) => ({ ...stream, outcome: 'complete' })),
    quirks: [],
  });
  const later = await samples(registry);
  expect(later).toContain('requests_total{source="emea",stream="users"} 6');
  expect(later).toContain('stream_outcome{source="emea",stream="users",outcome="complete"} 1');
  expect(later.filter((line) => /quirks|failed/.test(line))).toEqual([]);
});

test('what a verification found, and what it read from the vendor', async () => {
  const registry = new Registry();
  const metrics = documentMetrics(registry);
  const document = asVerify({ ...VERIFY, against_source: SYNC });
  if (document === null) throw new Error('it is refused');
  metrics.verify('reconcile', document);
  const all = await samples(registry);
  expect(all).toContain('verify_faults{job="reconcile"} 3');
  expect(all).toContain('requests_total{source="emea",stream="users"} 3');
  expect(all.filter((line) => line.startsWith('stream_outcome'))).toEqual([]);
});

test('what the home knows at the start', async () => {
  const registry = new Registry();
  const document = asStatus({
    version: 1,
    streams: [
      { stream: 'emea/users', watermark: null, last_outcome: 'incomplete', last_error: {} },
      { stream: 'emea/audit-logs', watermark: '2026-06-10T00:00:00.000Z', last_outcome: null },
    ],
    warehouse: { seq: 12, archive_seq: 12 },
    runs: [{ job: 'sync', outcome: 'complete', finished_at: '2026-06-10T00:00:00.000Z' }],
  });
  if (document === null) throw new Error('it is refused');
  documentMetrics(registry).status(document);
  expect(await samples(registry)).toEqual([
    'stream_watermark_timestamp_seconds{source="emea",stream="audit-logs"} 1781049600',
    'stream_outcome{source="emea",stream="users",outcome="incomplete"} 1',
    'warehouse_seq 12',
  ]);
});

test.each([null, 'text', [], { version: 1, outcome: 'failed', error: { code: 'locked' } }])(
  'a command that failed early tells nothing: %j',
  (document) => {
    expect([asSync(document), asVerify(document), asStatus(document)]).toEqual([null, null, null]);
  },
);
