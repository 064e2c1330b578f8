import { expect, test } from 'vitest';
import { AuditlakeError } from '../../../src/errors.ts';
import { openBigQuery } from '../../../src/sinks/bigquery/sink.ts';
import { START } from '../../../src/sinks/port.ts';
import { few, tries } from '../../long.ts';
import { eventRows, deliveryOf, type TestDelivery, toolsFor } from '../delivery.ts';
import { eventsAt, optionsFor, QUICK, serviceForTest, sinkAt, stagingAt } from './receiver.ts';
import { failing, newest, revised } from './rows.ts';

test.each(few(1, [3, 1, 2]))(
  'killed anywhere, with everything going wrong: seed %i',
  async (seed) => {
    const service = await serviceForTest();
    const original = eventRows(tries(2_000, 2), { perSeq: 50 });
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
      const delivery: TestDelivery = await deliveryOf(rows, position);
      to = delivery.to;
      const life = new AbortController();
      let requests = 8 + ((seed * 7 + runs * 11) % 24);
      service.onRequest = () => {
        requests -= 1;
        if (requests === 0) life.abort();
      };
      const sink = sinkAt(service, { rowsPerJob: 250 });
      const error = await sink.deliver(delivery, toolsFor(life.signal)).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      await sink.close();
      if (error !== null) expect(error).toBeInstanceOf(AuditlakeError);
      if (life.signal.aborted) kills += 1;
      position = delivery.reached;
    }
    service.onRequest = () => undefined;
    expect(position.seq).toBe(to);
    expect(await eventsAt(service)).toEqual(newest(rows));
    for (const name of stagingAt(service)) {
      expect(service.tables.get(name).expirationTime).toBeDefined();
    }
    expect(kills).toBeGreaterThan(2);
    expect(service.counted.lost).toBeGreaterThan(2);
    expect(service.jobs.seen.failed).toBeGreaterThan(0);
    expect(service.jobs.seen.slow).toBeGreaterThan(0);
  },
);

test('a stop is heard while a job is awaited', async () => {
  const service = await serviceForTest();
  service.troubles.plannedJobs = [{ looks: 1_000 }];
  const life = new AbortController();
  service.onRequest = () => {
    if (service.jobs.ids.length > 0) life.abort();
  };
  // Whoever does not listen waits for an hour.
  const retry = { ...QUICK.retry, firstPause: 3_600_000, longestPause: 3_600_000 };
  const patient = { ...QUICK, retry, job: 7_200_000 };
  const sink = openBigQuery('warehouse', optionsFor(service), patient);
  const error = await failing(sink.deliver(await deliveryOf(eventRows(5)), toolsFor(life.signal)));
  expect(error.code).toBe('stopped');
});
