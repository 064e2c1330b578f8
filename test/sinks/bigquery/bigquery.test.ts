import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AuditlakeError } from '../../../src/errors.ts';
import { openBigQuery } from '../../../src/sinks/bigquery/sink.ts';
import { type Position, type Row, START } from '../../../src/sinks/port.ts';
import { eventRows, parcelOf, type TestParcel, toolsFor } from '../parcel.ts';
import {
  bigqueryReceiver,
  eventsAt,
  optionsFor,
  QUICK,
  serviceForTest,
  sinkAt,
} from './receiver.ts';
import { DATASET, PROJECT, type Service } from './service.ts';

const TABLE = `\`${PROJECT}\`.\`${DATASET}\`.\`audit_events\``;

/** The row as it is known later. */
function revised(row: Row, revision: number, position: Position): Row {
  const columns = { ...JSON.parse(row.json), action: `known.${revision}`, revision };
  return { ...row, revision, position, json: JSON.stringify({ ...columns, seq: position.seq }) };
}

function newest(rows: Row[]): { uid: string; revision: number }[] {
  const best = new Map<string, number>();
  for (const { uid, revision } of rows) best.set(uid, Math.max(revision, best.get(uid) ?? 0));
  return [...best]
    .map(([uid, revision]) => ({ uid, revision }))
    .toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
}

function stagingAt(service: Service): string[] {
  return service.tables.names.filter((name) => name !== 'audit_events');
}

async function failing(work: Promise<unknown>): Promise<AuditlakeError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AuditlakeError) return error;
  throw error ?? new Error('nothing failed');
}

describe('a delivery', () => {
  test('brings each row once and leaves nothing else behind', async () => {
    const service = await serviceForTest();
    const parcel = await parcelOf(eventRows(1_000));
    const tools = toolsFor();
    await sinkAt(service).deliver(parcel, tools);
    expect(await eventsAt(service)).toEqual(newest(eventRows(1_000)));
    expect(parcel).toMatchObject({
      reached: { seq: parcel.to, n: Number.MAX_SAFE_INTEGER },
      counted: 1_000,
    });
    expect(service.jobs.seen).toMatchObject({ loads: 3, merges: 3, duplicates: 0 });
    expect(stagingAt(service)).toEqual([]);
    expect(tools.warnings).toEqual([]);
    expect(service.tables.get('audit_events')).toMatchObject({
      timePartitioning: { type: 'DAY', field: 'occurred_at' },
      clustering: { fields: ['source', 'action'] },
    });
  });

  test('keeps JSON as the text that it was', async () => {
    const service = await serviceForTest();
    const parcel = await parcelOf(eventRows(3));
    await sinkAt(service).deliver(parcel, toolsFor());
    const { schema } = service.tables.get('audit_events');
    expect(schema?.fields).toContainEqual({ name: 'details', type: 'STRING', mode: 'NULLABLE' });
    expect(await service.query(`select details from ${TABLE} order by seq, event_uid`)).toEqual([
      ['{"attempt":0}'],
      ['{"attempt":1}'],
      ['{"attempt":2}'],
    ]);
  });

  test('the newest revision stays, in whatever order they come', async () => {
    const service = await serviceForTest();
    const [first, second, third] = eventRows(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('rows');
    const earlier = [
      first,
      revised(first, 3, { seq: 2, n: 10 }),
      revised(first, 2, { seq: 2, n: 11 }),
      revised(second, 5, { seq: 2, n: 12 }),
      third,
    ];
    const later = [revised(second, 4, { seq: 3, n: 0 }), revised(third, 2, { seq: 3, n: 1 })];
    await sinkAt(service).deliver(await parcelOf(earlier), toolsFor());
    await sinkAt(service).deliver(await parcelOf(later), toolsFor());
    expect(await service.query(`select revision, action from ${TABLE} order by event_uid`)).toEqual(
      [
        ['3', 'known.3'],
        ['5', 'known.5'],
        ['2', 'known.2'],
      ],
    );
  });

  test('adds columns that the table lacks and leaves those that others added', async () => {
    const service = await serviceForTest();
    const column = (name: string, type: string) => ({ name, type, mode: 'NULLABLE' });
    await service.tables.insert({
      tableReference: { projectId: PROJECT, datasetId: DATASET, tableId: 'audit_events' },
      schema: {
        fields: [
          column('event_uid', 'STRING'),
          column('note', 'STRING'),
          column('occurred_at', 'TIMESTAMP'),
          column('revision', 'INTEGER'),
        ],
      },
      creationTime: '0',
    });
    await sinkAt(service).deliver(await parcelOf(eventRows(5)), toolsFor());
    const names = service.tables.get('audit_events').schema?.fields.map(({ name }) => name);
    expect(names?.slice(0, 5)).toEqual(['event_uid', 'note', 'occurred_at', 'revision', 'source']);
    expect(names).toHaveLength(11);
    expect(
      await service.query(`select count(*), count(action), count(note) from ${TABLE}`),
    ).toEqual([['5', '5', '0']]);
  });

  test('touches no table with a column of another type', async () => {
    const service = await serviceForTest();
    await service.tables.insert({
      tableReference: { projectId: PROJECT, datasetId: DATASET, tableId: 'audit_events' },
      schema: { fields: [{ name: 'event_uid', type: 'INTEGER' }] },
      creationTime: '0',
    });
    const error = await failing(sinkAt(service).deliver(await parcelOf(eventRows(5)), toolsFor()));
    expect(error).toMatchObject({ exit: 4 });
    expect(error.message).toContain('event_uid as INTEGER, where STRING');
    expect(service.jobs.seen.merges).toBe(0);
  });
});

describe('jobs', () => {
  test('one that fails in passing is followed by another', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{ reason: 'backendError' }, {}, { reason: 'internalError' }];
    await sinkAt(service).deliver(await parcelOf(eventRows(5)), toolsFor());
    expect(await eventsAt(service)).toHaveLength(5);
    expect(service.jobs.ids.map((id) => id.replace(/_[0-9a-f]{32}_/, ' '))).toEqual([
      'auditlake_load 1',
      'auditlake_load 2',
      'auditlake_merge 1',
      'auditlake_merge 2',
    ]);
  });

  test('after three failures the run ends, and the next one goes on with the next number', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = Array.from({ length: 3 }, () => ({ reason: 'quotaExceeded' }));
    const parcel = await parcelOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(parcel, toolsFor()));
    expect(error).toMatchObject({ exit: 3 });
    expect(error.message).toContain('quotaExceeded');
    expect(parcel.reached).toEqual(START);
    await sinkAt(service).deliver(parcel, toolsFor());
    expect(service.jobs.ids.filter((id) => id.includes('load'))).toHaveLength(4);
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test.each([
    ['invalid', 1, ''],
    ['accessDenied', 4, 'roles/bigquery.jobUser'],
    ['notFound', 4, 'create the dataset'],
  ])('one that fails as %s is not repeated in the run: exit %i', async (reason, exit, hint) => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{ reason }];
    const parcel = await parcelOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(parcel, toolsFor()));
    expect(error.exit).toBe(exit);
    expect(error.hint).toContain(hint);
    expect(service.jobs.ids).toHaveLength(1);
    // Once a person has mended it, the next run does it.
    await sinkAt(service).deliver(parcel, toolsFor());
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('one that takes too long is awaited by the next run, not started again', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{ looks: 80 }];
    const parcel = await parcelOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(parcel, toolsFor()));
    expect(error).toMatchObject({ exit: 3 });
    expect(error.message).toContain('has not ended yet');
    await sinkAt(service).deliver(parcel, toolsFor());
    expect(service.jobs.seen).toMatchObject({ loads: 1, merges: 1 });
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('one whose answer was lost is refused the second time, and awaited', async () => {
    const service = await serviceForTest();
    const parcel = await parcelOf(eventRows(5));
    // The staging table, the load, and then the table itself.
    service.troubles.lost = 3;
    await sinkAt(service).deliver(parcel, toolsFor());
    expect(service.counted.lost).toBe(3);
    expect(service.jobs.seen).toMatchObject({ loads: 1, merges: 1 });
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('a staging table that is gone is loaded again', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{}, { reason: 'accessDenied' }];
    const parcel = await parcelOf(eventRows(5));
    await failing(sinkAt(service).deliver(parcel, toolsFor()));
    for (const name of stagingAt(service)) await service.tables.delete(name);
    await sinkAt(service).deliver(parcel, toolsFor());
    expect(service.jobs.seen.loads).toBe(2);
    expect(await eventsAt(service)).toHaveLength(5);
  });
});

describe('a replay', () => {
  const rows = eventRows(600);

  test('of what is there changes nothing', async () => {
    const service = await serviceForTest();
    for (const _ of [1, 2]) await sinkAt(service).deliver(await parcelOf(rows), toolsFor());
    expect(await eventsAt(service)).toEqual(newest(rows));
    expect(service.jobs.seen.merges).toBe(2);
  });

  test('fills a table that was dropped', async () => {
    const service = await serviceForTest();
    await sinkAt(service).deliver(await parcelOf(rows), toolsFor());
    await service.tables.delete('audit_events');
    await sinkAt(service).deliver(await parcelOf(rows), toolsFor());
    expect(await eventsAt(service)).toEqual(newest(rows));
  });

  test('brings back rows that were deleted, once the former jobs are a day old', async () => {
    const service = await serviceForTest();
    await sinkAt(service).deliver(await parcelOf(rows), toolsFor());
    await service.query(`delete from ${TABLE}`);
    const later = { ...toolsFor(), now: () => Date.now() + 25 * 3_600_000 };
    const error = await failing(sinkAt(service).deliver(await parcelOf(rows), later));
    expect(error.message).toContain('gone');
  });
});

test.each([1, 2, 3])('killed anywhere, with everything going wrong: seed %i', async (seed) => {
  const service = await serviceForTest();
  const original = eventRows(2_000, { perSeq: 50 });
  const rows = [
    ...original,
    ...original
      .filter((_, i) => i % 9 === 0)
      .map((row, i) =>
        revised(row, 2 + (i % 3), { seq: row.position.seq + (i % 12), n: 1_000 + i }),
      ),
  ];
  service.troubles.random(seed);
  let position = START;
  let kills = 0;
  let runs = 0;
  let to = Infinity;
  for (; position.seq < to && runs < 100; runs += 1) {
    const parcel: TestParcel = await parcelOf(rows, position);
    to = parcel.to;
    const life = new AbortController();
    let requests = 3 + ((seed * 7 + runs * 11) % 60);
    service.onRequest = () => {
      requests -= 1;
      if (requests === 0) life.abort();
    };
    const sink = sinkAt(service);
    const error = await sink.deliver(parcel, toolsFor(life.signal)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await sink.close();
    if (error !== null) expect(error).toBeInstanceOf(AuditlakeError);
    if (life.signal.aborted) kills += 1;
    position = parcel.reached;
  }
  service.onRequest = () => undefined;
  expect(position.seq).toBe(to);
  expect(await eventsAt(service)).toEqual(newest(rows));
  expect(kills).toBeGreaterThan(2);
  expect(service.counted.lost).toBeGreaterThan(2);
  expect(service.jobs.seen.failed).toBeGreaterThan(0);
  expect(service.jobs.seen.slow).toBeGreaterThan(0);
});

test('a stop is heard while a job is awaited', async () => {
  const service = await serviceForTest();
  service.troubles.plannedJobs = [{ looks: 1_000 }];
  const life = new AbortController();
  service.onRequest = () => {
    if (service.jobs.ids.length > 0) life.abort();
  };
  // Whoever does not listen waits for an hour.
  const patient = { ...QUICK, first: 3_600_000, longest: 3_600_000, job: 7_200_000 };
  const sink = openBigQuery('warehouse', optionsFor(service), patient);
  const error = await failing(sink.deliver(await parcelOf(eventRows(5)), toolsFor(life.signal)));
  expect(error.code).toBe('stopped');
});

describe('check', () => {
  test('says where the dataset is', async () => {
    const service = await serviceForTest();
    const sink = sinkAt(service, { location: null });
    expect(await sink.check(toolsFor())).toBe('dataset acme-sec.ai_audit in europe-west3');
  });

  test.each([
    [{ location: 'US' }, 2, 'is in europe-west3'],
    [{ dataset: 'elsewhere' }, 4, 'acme-sec.elsewhere'],
    [{ apiEndpoint: 'http://127.0.0.1:9' }, 3, 'ECONNREFUSED'],
  ])('%j: exit %i', async (change, exit, words) => {
    const service = await serviceForTest();
    const error = await failing(sinkAt(service, change).check(toolsFor()));
    expect(error.exit).toBe(exit);
    expect(error.message).toContain(words);
  });

  test.each([
    ['revoke', 4],
    ['down', 3],
  ] as const)('%s: exit %i', async (what, exit) => {
    const receiver = await bigqueryReceiver();
    receiver[what]?.(true);
    const sink = await receiver.open();
    expect(await failing(sink.check(toolsFor()))).toMatchObject({ exit });
  });

  test.each(['{"type": "sesame', null])('a key file that holds %j', async (content) => {
    const { scratch } = await parcelOf(eventRows(1));
    const keyFile = join(scratch, 'key.json');
    if (content !== null) await writeFile(keyFile, content);
    const options = { project: PROJECT, dataset: DATASET, location: null, rowsPerJob: 1 };
    // Nothing listens there, and without a token nothing is sent.
    const apiEndpoint = 'https://127.0.0.1:9';
    const sink = openBigQuery('warehouse', { ...options, keyFile, apiEndpoint }, QUICK);
    const error = await failing(sink.check(toolsFor()));
    expect(error.exit).toBe(4);
    expect(error.message).not.toContain('sesame');
    expect(error.hint).toContain('keyFile');
  });
});

test.each([
  [{ project: 'a`b' }],
  [{ project: 'Acme' }],
  [{ dataset: 'acme.audit' }],
  [{ dataset: 'audit`; drop' }],
  [{ apiEndpoint: 'http://bigquery.acme.test' }],
  [{ apiEndpoint: 'bigquery' }],
])('%j is refused', (change) => {
  const options = { project: PROJECT, dataset: DATASET, location: null, keyFile: null };
  expect(() =>
    openBigQuery('w', { ...options, apiEndpoint: null, rowsPerJob: 1, ...change }),
  ).toThrow(AuditlakeError);
});
