/** Findings as OCSF are Detection Findings by the published schema, whatever stands in them. */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, onTestFinished, test } from 'vitest';
import { OCSF } from '../../src/transform/ocsf.ts';
import { problemsOf } from './ocsf-validator.ts';

const FINDING = {
  finding_id: 'f1',
  detection: 'takeover',
  title: 'An account looks taken over',
  severity: 'critical',
  source: 'auditlake',
  subject: 'ann@acme.test',
  first_seen_at: '2026-11-30T02:11:07.123Z',
  last_seen_at: '2026-11-30T02:28:13.000Z',
  found_at: '2026-11-30T02:45:00.000Z',
  evidence: ['tabnine:e1', 'github:e2'],
  details: '{"steps":["signed in"]}',
  techniques: ['T1078.004', 'AML.T0081'],
  respond: 'Close every session',
  state: 'open',
  reason: null as string | null,
  rule: '0'.repeat(64),
  revision: 1,
  seq: 7,
  n: 2,
};

type Finding = typeof FINDING;

const COLUMNS = JSON.stringify([
  Object.fromEntries(
    Object.keys(FINDING).map((name) => {
      if (name.endsWith('_at')) return [name, 'TIMESTAMPTZ'];
      if (['evidence', 'techniques'].includes(name)) return [name, ['VARCHAR']];
      return [name, ['revision', 'seq', 'n'].includes(name) ? 'BIGINT' : 'VARCHAR'];
    }),
  ),
]);

async function eventsOf(findings: readonly object[]): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  await connection.run("set TimeZone = 'UTC'");
  await connection.run(
    `create temp table rows as select * replace (details::json as details, to_json(evidence) as evidence, to_json(techniques) as techniques)
     from (select unnest(from_json($rows, $columns), recursive := true))`,
    { rows: JSON.stringify(findings), columns: COLUMNS },
  );
  const rows = (await connection.runAndReadAll(OCSF['findings'] ?? '')).getRowObjectsJson();
  return rows.map(({ json }) => JSON.parse(json as string) as Record<string, unknown>);
}

test('a finding says what it is, who showed it and what to do', async () => {
  const [event] = await eventsOf([FINDING]);
  expect(event).toMatchObject({
    class_uid: 2004,
    type_uid: 200_401,
    severity: 'Critical',
    status: 'New',
    time: Date.parse(FINDING.last_seen_at),
    metadata: { uid: 'f1/1' },
    finding_info: {
      uid: 'f1',
      analytic: { name: 'takeover', type: 'Rule' },
      attacks: [{ technique: { uid: 'T1078.004' } }, { technique: { uid: 'AML.T0081' } }],
      related_events: [{ uid: 'tabnine:e1' }, { uid: 'github:e2' }],
    },
    remediation: { desc: 'Close every session' },
    unmapped: { details: { steps: ['signed in'] } },
  });
});

test('a further revision is an update, and a closed one says why', async () => {
  const closed = { ...FINDING, state: 'closed', reason: 'a drill', revision: 3 };
  const [updated, ended] = await eventsOf([{ ...FINDING, revision: 2 }, closed]);
  expect(updated).toMatchObject({ activity_name: 'Update', type_uid: 200_402 });
  expect(ended).toMatchObject({
    activity_name: 'Close',
    status: 'Resolved',
    status_detail: 'a drill',
  });
});

const HOSTILE = '"}],\\ \n\u2028\'; drop table rows; -- <script>';

const ODD: Partial<Record<keyof Finding, unknown>>[] = [
  {},
  { subject: null, evidence: [], techniques: [], details: null, respond: null },
  { first_seen_at: null, last_seen_at: null, found_at: null },
  { severity: 'unheard of', state: 'closed', reason: null },
  { subject: HOSTILE, title: HOSTILE, respond: HOSTILE, evidence: [HOSTILE], source: HOSTILE },
];

test('every one is valid', async () => {
  const events = await eventsOf(ODD.map((more) => ({ ...FINDING, ...more })));
  expect(events.flatMap(problemsOf)).toEqual([]);
  expect(events).toHaveLength(ODD.length);
});
