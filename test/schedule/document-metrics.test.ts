import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { documentMetrics } from '../../src/schedule/document-metrics.ts';
import { type Cause, documentOf } from '../../src/documents/common.ts';
import { type RunDocument, runDocument } from '../../src/documents/run.ts';
import { statusDocument } from '../../src/documents/status.ts';
import { type VerifyDocument, verifyDocument } from '../../src/documents/verify.ts';
import { runOf, STATUS, STREAM, streamStatus, VERIFIED } from '../documents/examples.ts';

const SYNC: RunDocument = {
  ...runOf([
    STREAM,
    {
      ...STREAM,
      stream: 'users',
      outcome: 'failed',
      watermark: null,
      error: {
        code: 'vendor-error',
        message: 'GET https://a.test: <b>what a vendor said</b>',
        hint: '',
      },
    },
  ]),
  sinks: [
    {
      sink: 'siem',
      outcome: 'incomplete',
      rows: 90,
      seq: 7,
      lag: 3,
      set_aside: 0,
      error: { code: 'down', message: 'vendor', hint: '' },
    },
  ],
  quirks: [{ source: 'emea', code: 'page-capped', what: 'as the vendor says' }],
  warehouse: { outcome: 'complete', ms: 1, rows: 140, seq: 10 },
  lake: { outcome: 'complete', ms: 1, files: 4, rows: 140, seq: 10 },
};
const VERIFY: VerifyDocument = {
  ...VERIFIED,
  faults: [
    {
      file: 'a',
      line: null,
      seq: null,
      what: 'altered',
      committed_at: null,
      changed_at: null,
    },
  ],
  warehouse: { state: 'different', what: 'one row' },
  lake: { files: 4, faults: [{ file: 'b', what: 'gone' }], unfinished: [], behind: null },
};

const NOW = Date.parse('2026-06-11T00:00:00Z');

/** What is printed, and read again by who started the command. */
const printed = (document: object): unknown => JSON.parse(JSON.stringify(document));

/** The samples of auditlake's own, without those that are zero. */
async function samples(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines
    .filter((line) => line.startsWith('auditlake_') && !line.endsWith(' 0'))
    .map((line) => line.replace('auditlake_', ''));
}

test('what a sync told', async () => {
  const registry = new Registry();
  const metrics = documentMetrics(registry, () => NOW);
  const document = documentOf(runDocument, printed(SYNC));
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
    streams: document.streams.map((stream) => ({ ...stream, outcome: 'complete' as const })),
    quirks: [],
  });
  const later = await samples(registry);
  expect(later).toContain('requests_total{source="emea",stream="users"} 6');
  expect(later).toContain('stream_outcome{source="emea",stream="users",outcome="complete"} 1');
  expect(later.filter((line) => /quirks|failed/.test(line))).toEqual([]);
});

test('what a verification found, and what it read from the vendor', async () => {
  const registry = new Registry();
  const metrics = documentMetrics(registry, () => NOW);
  const document = documentOf(verifyDocument, printed({ ...VERIFY, against_source: SYNC }));
  if (document === null) throw new Error('it is refused');
  metrics.verify('reconcile', document);
  const all = await samples(registry);
  expect(all).toContain('verify_faults{task="reconcile"} 3');
  expect(all).toContain('requests_total{source="emea",stream="users"} 3');
  expect(all.filter((line) => line.startsWith('stream_outcome'))).toEqual([]);
});

test('what the home knows at the start', async () => {
  const registry = new Registry();
  const status = {
    ...STATUS,
    streams: [
      streamStatus('emea/users', { last_outcome: 'incomplete', last_error: {} }),
      streamStatus('emea/audit-logs', { watermark: '2026-06-10T00:00:00.000Z' }),
    ],
  };
  const document = documentOf(statusDocument, printed(status));
  if (document === null) throw new Error('it is refused');
  documentMetrics(registry, () => NOW).status(document);
  expect(await samples(registry)).toEqual([
    'stream_watermark_timestamp_seconds{source="emea",stream="audit-logs"} 1781049600',
    'stream_outcome{source="emea",stream="users",outcome="incomplete"} 1',
    'warehouse_seq 12',
  ]);
});

test('what a person must look at, in place of what was, and how long a stream may still go unread', async () => {
  const registry = new Registry();
  let now = NOW;
  const metrics = documentMetrics(registry, () => now);
  metrics.expected({
    streams: [{ source: 'emea', stream: 'audit-logs' }],
    sinks: [],
    verifying: [],
  });
  const at = '2026-06-10T00:00:00.000Z';
  const alarm = { source: 'emea', stream: 'audit-logs', what: 'it', hint: 'do', exit: 4 } as const;
  metrics.stands({
    ...STATUS,
    streams: [
      streamStatus('emea/audit-logs', {
        watermark: at,
        retention: { oldest_served: at, measured_at: at, kept_seconds: 172_800 },
      }),
    ],
    alarms: [
      { ...alarm, kind: 'unread' },
      { ...alarm, kind: 'unread' },
      { ...alarm, kind: 'freshness' },
    ],
  });
  const headroom = 'stream_retention_headroom_seconds{source="emea",stream="audit-logs"}';
  expect(await samples(registry)).toEqual([
    'alarms{source="emea",stream="audit-logs",kind="unread"} 2',
    'alarms{source="emea",stream="audit-logs",kind="freshness"} 1',
    `${headroom} 86400`,
  ]);
  now += 100_000_000;
  expect(await samples(registry)).toContain(`${headroom} -13600`);
  metrics.stands(STATUS);
  expect(await samples(registry)).toEqual([]);
});

test.each([null, 'text', [], { version: 1, outcome: 'failed', error: { code: 'locked' } }])(
  'a command that failed early tells nothing: %j',
  (document) => {
    const shapes = [runDocument, verifyDocument, statusDocument];
    expect(shapes.map((shape) => documentOf<unknown>(shape, document))).toEqual([null, null, null]);
  },
);

test.each<[string, Cause[], string[]]>([
  ['nothing is wrong', [], []],
  [
    'a source refuses the token, and the lake has no room',
    [causeOf('emea', 4), causeOf('lake', 1)],
    [
      'attention{subject="lake",verdict="failed"} 1',
      'attention{subject="emea",verdict="person"} 1',
    ],
  ],
  [
    'two causes of one sink',
    [causeOf('siem', 4), causeOf('siem', 3)],
    [
      'attention{subject="siem",verdict="incomplete"} 1',
      'attention{subject="siem",verdict="person"} 1',
    ],
  ],
])('the causes that a run names: %s', async (_, causes, expected) => {
  const registry = new Registry();
  const metrics = documentMetrics(registry, () => NOW);
  metrics.expected({ streams: [STREAM], sinks: ['siem'], verifying: [] });
  const all = (await registry.metrics()).split('\n').filter((line) => /attention\{/.test(line));
  expect(all.filter((line) => line.endsWith(' 0'))).toHaveLength(5 * 6);
  metrics.sync({ ...SYNC, diagnosis: { verdict: 'as it is', causes } });
  expect((await samples(registry)).filter((line) => line.startsWith('attention'))).toEqual(
    expected,
  );
});

test('what status finds later replaces what sources and sinks were like, and no more', async () => {
  const registry = new Registry();
  const metrics = documentMetrics(registry, () => NOW);
  const causes = [causeOf('emea', 4), causeOf('lake', 1)];
  metrics.sync({ ...SYNC, diagnosis: { verdict: 'as it is', causes } });
  metrics.stands({ ...STATUS, diagnosis: { verdict: 'as it is', causes: [causeOf('siem', 3)] } });
  expect((await samples(registry)).filter((line) => line.startsWith('attention'))).toEqual([
    'attention{subject="lake",verdict="failed"} 1',
    'attention{subject="siem",verdict="incomplete"} 1',
  ]);
});

function causeOf(subject: string, exit: Cause['exit']): Cause {
  return { subject, streams: [], code: 'c', message: 'it was so', hint: 'do it', exit };
}
