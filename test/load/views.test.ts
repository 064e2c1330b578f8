import { expect, test } from 'vitest';
import { TestArchive, rowsOf } from './archive.ts';
import { companyWarehouse } from './company.ts';

const { query } = companyWarehouse();
const table = async (sql: string): Promise<unknown[][]> =>
  (await query(sql)).map((row) => Object.values(row));

test('team_activity', async () => {
  const common = { source: 'acme', team_id: 't1', team_name: 'Core' };
  const nothing = { completions: null, chat_messages: null, agent_messages: null };
  expect(
    await query('select * replace (day::varchar as day) from team_activity order by day'),
  ).toEqual([
    {
      ...common,
      day: '2026-11-01',
      active_users: 3,
      completions: 40,
      chat_messages: 7,
      agent_messages: 5,
      agent_lines_added: 20,
      agent_lines_accepted: 15,
      acceptance: 0.75,
    },
    {
      ...common,
      ...nothing,
      day: '2026-11-02',
      active_users: 1,
      agent_lines_added: 0,
      agent_lines_accepted: 0,
      acceptance: null,
    },
  ]);
});

test('a day is a UTC day, wherever the reader is', async () => {
  const sql = `set TimeZone = 'America/Los_Angeles'; select min(day)::varchar as day from team_activity`;
  expect(await query(sql)).toEqual([{ day: '2026-11-01' }]);
});

test('model_usage', async () => {
  expect(
    await table(
      'select * replace (day::varchar as day) from model_usage order by dataset, activity',
    ),
  ).toEqual([
    ['acme', '2026-11-01', 'agent-usage', 'agent', 'claude', null, null, 250, 50, 300, 1.25],
    ['acme', '2026-11-01', 'usage-v2', 'agent', 'uuid-a', 5, 2, 100, 10, null, null],
    ['acme', '2026-11-01', 'usage-v2', 'chat', 'uuid-a', 7, 2, 100, 10, null, null],
  ]);
});

test('seats', async () => {
  expect(await query('select * from seats')).toEqual([
    {
      source: 'acme',
      seats: 10,
      seats_cap: 12,
      expires_at: '2030-01-25T00:00:00.000Z',
      active_users: 4,
      used_share: 0.4,
    },
  ]);
});

test('unused_accounts', async () => {
  expect(
    await query(
      'select * replace (last_active_day::varchar as last_active_day) from unused_accounts order by user_id',
    ),
  ).toEqual([
    {
      source: 'acme',
      user_id: 'u3',
      name: 'cid',
      email: 'cid@acme.test',
      person_id: 'cid@acme.test',
      team_id: 't1',
      team_name: 'Core',
      last_active_day: '2026-10-21',
      read_to: '2026-11-21T00:00:00.000Z',
    },
    {
      source: 'acme',
      user_id: 'u4',
      name: 'dee',
      email: 'dee@acme.test',
      person_id: 'dee@acme.test',
      team_id: 't1',
      team_name: 'Core',
      last_active_day: null,
      read_to: '2026-11-21T00:00:00.000Z',
    },
  ]);
});

test('admins', async () => {
  expect(await table('select * from admins order by name')).toEqual([
    [
      'acme',
      'u1',
      'ann',
      'ann@acme.test',
      'active',
      '2026-11-01T00:00:00.000Z',
      ['permission', 'user'],
    ],
    ['acme', 'u2', 'bob', 'bob@acme.test', 'active', '2026-11-08T00:00:00.000Z', ['user']],
    ['acme', null, 'zoe', null, null, '2026-11-10T00:00:00.000Z', ['permission']],
  ]);
});

test.each([
  [
    '{"seats":5.0,"seatsCap":null,"exp":"2030-01-25T00:00:00Z"}',
    [5, null, '2030-01-25T00:00:00.000Z'],
  ],
  ['{"seats":"unlimited","seatsCap":true,"exp":1e300}', [null, null, null]],
  ['{"seats":{"a":1},"exp":[]}', [null, null, null]],
  ['{"seats":0}', [0, null, null]],
])('a license %s', async (record, expected) => {
  const odd = await TestArchive.make();
  await odd.add('license', [{ key: 'license', record }]);
  const { path: file } = await odd.load();
  const [row = {}] = await rowsOf(
    file,
    'select seats, seats_cap, expires_at, used_share from seats',
  );
  expect(Object.values(row)).toEqual([...expected, null]);
});

test('where no usage of users was read, nobody is called unused', async () => {
  const other = await TestArchive.make();
  await other.add('users', [{ key: 'u', record: { id: 'u', username: 'x' } }]);
  const { path: file } = await other.load();
  expect(await rowsOf(file, 'select * from unused_accounts')).toEqual([]);
});
