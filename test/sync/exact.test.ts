import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFor, streamOf } from '../harness.ts';
import { tries } from '../long.ts';
import {
  auditRequests,
  DAY,
  eventIds,
  filesBelow,
  stillSandbox,
  totalSize,
  vendorIds,
} from './support.ts';

const PAGE = 1_000;
const EVENTS = tries(20_000, 8);

test(`${EVENTS} events from a server that honours everything`, async () => {
  const { sandbox, clock } = await stillSandbox({ events: EVENTS, days: 30, users: 60, teams: 6 });
  const home = await homeFor(sandbox);
  const archive = join(home.folder, 'archive');
  const generations = () => readdir(join(home.folder, 'warehouse'));

  const first = streamOf(await home.sync(), 'audit-logs');
  expect(first).toMatchObject({ outcome: 'complete', new_records: EVENTS, changed_records: 0 });
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));

  // What the vendor has to walk to answer, and what it sends.
  const requests = auditRequests(sandbox);
  const walked = requests.reduce(
    (sum, { query }) => sum + Number(query['offset']) + Number(query['limit']),
    0,
  );
  const served = requests.reduce((sum, request) => sum + request.served, 0);
  expect(walked).toBeLessThanOrEqual(3 * served);
  expect(served).toBeLessThanOrEqual(1.5 * EVENTS);

  const before = { files: await filesBelow(archive), generations: await generations() };
  const asked = sandbox.tabnine.requests.length;
  const second = streamOf(await home.sync(), 'audit-logs');
  expect(second).toMatchObject({ outcome: 'complete', new_records: 0, changed_records: 0 });
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  const inLookback = sandbox.tabnine.events.ids(clock.at - DAY).length;
  expect(inLookback).toBeGreaterThan(0);
  expect(auditRequests(sandbox, asked).length).toBeLessThanOrEqual(
    Math.ceil(inLookback / PAGE) + 3,
  );
  expect(totalSize(await filesBelow(archive)) - totalSize(before.files)).toBeLessThan(20_000);
  expect(await generations()).toEqual(before.generations);
});
