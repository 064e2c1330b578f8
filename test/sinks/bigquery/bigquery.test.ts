import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { deliverableTable } from '../../../src/load/tables.ts';
import { START } from '../../../src/sinks/port.ts';
import { tries } from '../../long.ts';
import { eventRows, deliveryOf, toolsFor } from '../delivery.ts';
import { eventsAt, serviceForTest, sinkAt, stagingAt } from './receiver.ts';
import { failing, newest, revised } from './rows.ts';
import { DATASET, PROJECT } from './service.ts';

const TABLE = `\`${PROJECT}\`.\`${DATASET}\`.\`audit_events\``;

describe('a delivery', () => {
  test('brings each row once and leaves nothing else behind', async () => {
    const service = await serviceForTest();
    const delivery = await deliveryOf(eventRows(1_000));
    const tools = toolsFor();
    await sinkAt(service).deliver(delivery, tools);
    expect(await eventsAt(service)).toEqual(newest(eventRows(1_000)));
    expect(delivery).toMatchObject({
      reached: { seq: delivery.to, n: Number.MAX_SAFE_INTEGER },
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
    const delivery = await deliveryOf(eventRows(3));
    await sinkAt(service).deliver(delivery, toolsFor());
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
    await sinkAt(service).deliver(await deliveryOf(earlier), toolsFor());
    await sinkAt(service).deliver(await deliveryOf(later), toolsFor());
    expect(await service.query(`select revision, action from ${TABLE} order by event_uid`)).toEqual(
      [
        ['3', 'known.3'],
        ['5', 'known.5'],
        ['2', 'known.2'],
      ],
    );
  });

  test('that begins within a seq leaves nothing of it out', async () => {
    const service = await serviceForTest();
    const rows = eventRows(300);
    await sinkAt(service).deliver(await deliveryOf(rows, { seq: 3, n: 50 }), toolsFor());
    expect(await eventsAt(service)).toEqual(newest(rows.slice(100)));
  });

  test('adds columns that the table lacks and leaves those that others added', async () => {
    const service = await serviceForTest();
    await service.tables.insert({
      tableReference: { projectId: PROJECT, datasetId: DATASET, tableId: 'audit_events' },
      schema: {
        fields: [
          { name: 'event_uid', type: 'STRING' },
          { name: 'note', type: 'STRING' },
          { name: 'occurred_at', type: 'TIMESTAMP' },
          { name: 'revision', type: 'INTEGER' },
        ],
      },
      creationTime: '0',
    });
    await sinkAt(service).deliver(await deliveryOf(eventRows(5)), toolsFor());
    const names = service.tables.get('audit_events').schema?.fields.map(({ name }) => name);
    expect(names?.slice(0, 5)).toEqual(['event_uid', 'note', 'occurred_at', 'revision', 'source']);
    expect(names).toHaveLength(11);
    expect(
      await service.query(`select count(*), count(action), count(note) from ${TABLE}`),
    ).toEqual([['5', '5', '0']]);
  });

  test('another table has its own key, time and clustering, and JSON that is text already', async () => {
    const service = await serviceForTest();
    const delivery = await deliveryOf(eventRows(1));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await sinkAt(service).deliver(
      {
        ...delivery,
        table: deliverableTable('work_sessions'),
        async parquet(file) {
          await connection.run(
            `copy (select 'devin:' || i as row_uid, 'devin' as source, 'running' as status, 0.1 as acus,
               true as is_archived, '{"id":12345678901234567890}' as raw, 1::bigint as revision,
               timestamptz '2026-01-01 00:00:00Z' as updated_at from range(3) as numbers(i)) to '${file}'`,
          );
          return { rows: 3 };
        },
      },
      toolsFor(),
    );
    connection.closeSync();
    instance.closeSync();
    expect(service.tables.get('work_sessions')).toMatchObject({
      timePartitioning: { type: 'DAY', field: 'updated_at' },
      clustering: { fields: ['source', 'status'] },
    });
    const table = TABLE.replace('audit_events', 'work_sessions');
    expect(await service.query(`select row_uid, raw from ${table} order by row_uid`)).toEqual([
      ['devin:0', '{"id":12345678901234567890}'],
      ['devin:1', '{"id":12345678901234567890}'],
      ['devin:2', '{"id":12345678901234567890}'],
    ]);
  });

  test('touches no table with a column of another type', async () => {
    const service = await serviceForTest();
    await service.tables.insert({
      tableReference: { projectId: PROJECT, datasetId: DATASET, tableId: 'audit_events' },
      schema: { fields: [{ name: 'event_uid', type: 'INTEGER' }] },
      creationTime: '0',
    });
    const error = await failing(
      sinkAt(service).deliver(await deliveryOf(eventRows(5)), toolsFor()),
    );
    expect(error).toMatchObject({ exit: 4 });
    expect(error.message).toContain('event_uid as INTEGER, where STRING');
    expect(service.jobs.seen.merges).toBe(0);
  });
});

describe('jobs', () => {
  test('one that fails in passing is followed by another', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{ reason: 'backendError' }, {}, { reason: 'internalError' }];
    await sinkAt(service).deliver(await deliveryOf(eventRows(5)), toolsFor());
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
    const delivery = await deliveryOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(delivery, toolsFor()));
    expect(error).toMatchObject({ exit: 3 });
    expect(error.message).toContain('quotaExceeded');
    expect(delivery.reached).toEqual(START);
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(service.jobs.ids.filter((id) => id.includes('load'))).toHaveLength(4);
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('where no file at all is taken it is not the rows: exit 1, and none becomes a dead letter', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = Array.from({ length: 40 }, () => ({ reason: 'invalid' }));
    const delivery = await deliveryOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(delivery, toolsFor()));
    expect(error.exit).toBe(1);
    expect(delivery).toMatchObject({ deadLetters: [], reached: START });
    service.troubles.plannedJobs = [];
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('rows that no load is taken with are found by halves and become dead letters', async () => {
    const service = await serviceForTest();
    const count = tries(900, 6);
    const rows = eventRows(count, { perSeq: tries(120, 6) });
    const half = Math.floor(count / 2);
    const bad = [rows[3], rows[half], rows[half + 1]].map((row) => row?.uid ?? '');
    service.engine.refused = bad;
    const delivery = await deliveryOf(rows);
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(delivery.deadLetters.map(({ uid }) => uid)).toEqual(bad);
    expect(delivery.counted).toBe(count - 3);
    expect(await eventsAt(service)).toHaveLength(count - 3);
    expect(service.jobs.ids.filter((id) => id.includes('load')).length).toBeLessThan(60);
  });

  test.each([
    ['accessDenied', 4, 'roles/bigquery.jobUser'],
    ['notFound', 4, 'create the dataset'],
  ])('one that fails as %s is not repeated in the run: exit %i', async (reason, exit, hint) => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{ reason }];
    const delivery = await deliveryOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(delivery, toolsFor()));
    expect(error.exit).toBe(exit);
    expect(error.hint).toContain(hint);
    expect(error.message).toContain(`(job ${service.jobs.ids[0]})`);
    expect(service.jobs.ids).toHaveLength(1);
    // Once a person has mended it, the next run does it.
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('one that takes too long is awaited by the next run, not started again', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{ looks: 80 }];
    const delivery = await deliveryOf(eventRows(5));
    const error = await failing(sinkAt(service).deliver(delivery, toolsFor()));
    expect(error).toMatchObject({ exit: 3 });
    expect(error.message).toContain('has not ended yet');
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(service.jobs.seen).toMatchObject({ loads: 1, merges: 1 });
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('one whose answer was lost is refused the second time, and awaited', async () => {
    const service = await serviceForTest();
    const delivery = await deliveryOf(eventRows(5));
    // That the staging table was made, that the load was begun, that the staging table is there.
    service.troubles.lost = 3;
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(service.counted.lost).toBe(3);
    expect(service.jobs.seen).toMatchObject({ loads: 1, merges: 1, duplicates: 1 });
    expect(await eventsAt(service)).toHaveLength(5);
  });

  test('a staging table that is gone is loaded again', async () => {
    const service = await serviceForTest();
    service.troubles.plannedJobs = [{}, { reason: 'accessDenied' }];
    const delivery = await deliveryOf(eventRows(5));
    await failing(sinkAt(service).deliver(delivery, toolsFor()));
    for (const name of stagingAt(service)) await service.tables.delete(name);
    await sinkAt(service).deliver(delivery, toolsFor());
    expect(service.jobs.seen.loads).toBe(2);
    expect(await eventsAt(service)).toHaveLength(5);
  });
});

function tomorrow(): number {
  return Date.now() + 25 * 3_600_000;
}

describe('a replay', () => {
  const rows = eventRows(600);

  test('of what is there changes nothing', async () => {
    const service = await serviceForTest();
    for (const _ of [1, 2]) await sinkAt(service).deliver(await deliveryOf(rows), toolsFor());
    expect(await eventsAt(service)).toEqual(newest(rows));
    expect(service.jobs.seen.merges).toBe(2);
  });

  test('fills a table that was dropped', async () => {
    const service = await serviceForTest();
    await sinkAt(service).deliver(await deliveryOf(rows), toolsFor());
    await service.tables.delete('audit_events');
    await sinkAt(service).deliver(await deliveryOf(rows), toolsFor());
    expect(await eventsAt(service)).toEqual(newest(rows));
  });

  test('brings back rows that were deleted, once the former jobs are a day old', async () => {
    const service = await serviceForTest();
    await sinkAt(service).deliver(await deliveryOf(rows), toolsFor());
    await service.query(`delete from ${TABLE}`);
    service.jobs.clock = tomorrow;
    await sinkAt(service).deliver(await deliveryOf(rows), { ...toolsFor(), now: tomorrow });
    expect(await eventsAt(service)).toEqual(newest(rows));
  });
});
