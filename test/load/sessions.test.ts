import { beforeEach, expect, test } from 'vitest';
import { differences } from '../../src/load/differences/differences.ts';
import { DEVIN, type Item, TestArchive, rowsOf } from './archive.ts';

let archive: TestArchive;
beforeEach(async () => {
  archive = await TestArchive.make();
  archive.account = DEVIN;
});

const session = (id: string, acus: number, more: object = {}): Item => ({
  key: id,
  time: '2026-11-06T00:00:00Z',
  record: { session_id: id, acus_consumed: acus, created_at: 1793923200, ...more },
});

const SESSIONS =
  'select session_id, acus, status, first_seen_at, seq from work_sessions order by session_id';
const FIRST = '2026-11-07T00:00:00.000Z';
const THIRD = '2026-11-09T00:00:00.000Z';

test('a session that goes on is one row with what it is now, however it was loaded', async () => {
  await archive.add('sessions', [session('a', 1, { status: 'running' }), session('b', 2)], {
    at: FIRST,
  });
  await archive.add(
    'sessions',
    [
      session('devin-a', 3, { status: 'running' }),
      session('a', 4, { status: 'exit', updated_at: 5 }),
    ],
    { at: '2026-11-08T00:00:00.000Z' },
  );
  await archive.add('sessions', [session('c', 0)], { at: THIRD });
  const expected = [
    { session_id: 'a', acus: 4, status: 'exit', first_seen_at: FIRST, seq: 2 },
    { session_id: 'b', acus: 2, status: null, first_seen_at: FIRST, seq: 1 },
    { session_id: 'c', acus: 0, status: null, first_seen_at: THIRD, seq: 3 },
  ];
  const singly = await archive.load({ singly: true });
  expect(await rowsOf(singly.path, SESSIONS)).toEqual(expected);
  expect(await rowsOf(singly.path, 'from anomalies')).toEqual([]);
  const fresh = await archive.begin({ fresh: true });
  await fresh.apply(archive.batches);
  await fresh.seal({ files: [], seq: 3 });
  expect(await differences(singly.path, fresh.path)).toEqual([]);
  await fresh.finish();
  expect(await rowsOf((await archive.load({ fresh: true })).path, SESSIONS)).toEqual(expected);
});

test('the last generation is gone on from', async () => {
  await archive.add('sessions', [session('a', 1)], { at: FIRST });
  await archive.load();
  await archive.add('sessions', [session('a', 2)], { at: THIRD });
  const generation = await archive.begin({ fresh: false });
  expect(generation.startedEmptyBecause).toBeNull();
  expect(await generation.apply(archive.batches)).toEqual({ rows: 1 });
  const { path } = await generation.publish({ files: [], seq: 2 });
  await generation.finish();
  expect(await rowsOf(path, SESSIONS)).toEqual([
    { session_id: 'a', acus: 2, status: null, first_seen_at: FIRST, seq: 2 },
  ]);
});

test('work_sessions has the columns of the contract, in its order', async () => {
  await archive.add('sessions', [session('a', 1)]);
  const [row = {}] = await rowsOf((await archive.load()).path, 'from work_sessions');
  expect(Object.keys(row).join(' ')).toBe(
    'source session_id organization_id user_id status origin created_at updated_at acus ' +
      'service_user_id title status_detail category playbook_id parent_session_id is_archived ' +
      'pull_requests tags raw first_seen_at seq',
  );
});

test('the same id in two accounts is two sessions', async () => {
  await archive.add('sessions', [session('a', 1)]);
  archive.account = { ...DEVIN, source: 'agents-us' };
  await archive.add('sessions', [session('a', 2)]);
  const { path } = await archive.load();
  expect(await rowsOf(path, 'select source, acus from work_sessions order by 1')).toEqual([
    { source: 'agents', acus: 1 },
    { source: 'agents-us', acus: 2 },
  ]);
});
