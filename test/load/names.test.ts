import { beforeEach, expect, test } from 'vitest';
import { type Item, type Row, TestArchive, rowsOf } from './archive.ts';

const user = (name: string, team: string, more: object = {}): Item => ({
  key: 'u1',
  record: {
    id: 'u1',
    username: name,
    email: 'u1@acme.test',
    role: 'Member',
    team: { id: 't1', name: team },
    ...more,
  },
});
const team = (name: string): Item => ({ key: 't1', record: { id: 't1', name } });
const login = (id: string, time: string, actor: object = { id: 'u1' }): Item => ({
  key: id,
  time,
  record: { id, timestamp: time, eventType: 'user.login', actor },
});

let archive: TestArchive;
beforeEach(async () => {
  archive = await TestArchive.make();
});

const query = async (sql: string): Promise<Row[]> => rowsOf((await archive.current()).path, sql);

test('names are as of the event, and a renamed team does not rename the past', async () => {
  const active = { active: 'true' };
  const day1 = '2026-02-01T00:00:00Z';
  const day3 = '2026-02-03T00:00:00Z';
  const updatedAt = '2026-01-01T00:00:00Z';
  await archive.add('users', [user('Ann', 'Core', { updatedAt })], { at: day1, context: active });
  await archive.add('teams', [team('Core')], { at: day1 });
  await archive.add('users', [user('Ann', 'Kernel', { updatedAt })], { at: day3, context: active });
  await archive.add('teams', [team('Kernel')], { at: day3 });
  const renamed = user('Anna', 'Kernel', { updatedAt: '2026-02-04T00:00:00Z' });
  await archive.add('users', [renamed], { at: '2026-02-06T00:00:00Z', context: active });
  await archive.add('audit-logs', [
    login('1', '2025-12-01T00:00:00Z'),
    login('2', '2026-02-02T00:00:00Z'),
    login('3', '2026-02-03T12:00:00Z'),
    login('4', '2026-02-05T00:00:00Z'),
    login('5', '2026-02-05T00:00:00Z', { id: 'u1', displayName: 'Me' }),
    login('6', '2026-02-05T00:00:00Z', { id: 'nobody' }),
  ]);
  const names = 'event_id, actor_name, actor_email, team_name, name_basis';
  const email = 'u1@acme.test';
  expect((await query(`select ${names} from audit_events order by 1`)).map(Object.values)).toEqual([
    ['1', 'Ann', email, 'Core', 'earliest_known'],
    ['2', 'Ann', email, 'Core', 'as_of'],
    ['3', 'Ann', email, 'Kernel', 'as_of'],
    ['4', 'Anna', email, 'Kernel', 'as_of'],
    ['5', 'Me', email, 'Kernel', 'event'],
    ['6', null, null, null, 'none'],
  ]);
  expect(await query('select * from users')).toEqual([
    {
      source: 'acme',
      user_id: 'u1',
      name: 'Anna',
      email,
      role: 'Member',
      status: 'active',
      team_id: 't1',
      team_name: 'Kernel',
    },
  ]);
  expect(
    (
      await query(
        `select name, valid_from, valid_to from entity_history where entity_type = 'user' order by seq`,
      )
    ).map(Object.values),
  ).toEqual([
    ['Ann', '2026-01-01T00:00:00.000Z', '2026-02-03T00:00:00.000Z'],
    ['Ann', '2026-02-03T00:00:00.000Z', '2026-02-04T00:00:00.000Z'],
    ['Anna', '2026-02-04T00:00:00.000Z', null],
  ]);
});

test('a thing that disappears is closed, and opens again when it comes back', async () => {
  await archive.add('teams', [team('Core')], { at: '2026-02-01T00:00:00Z' });
  await archive.add('teams', [{ absent: 't1', at: '2026-02-02T00:00:00Z' }]);
  const history = 'select valid_from, valid_to from entity_history order by seq';
  const first = ['2026-02-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z'];
  expect((await query(history)).map(Object.values)).toEqual([first]);
  expect(await query('select * from teams')).toEqual([]);
  await archive.add('teams', [team('Core')], { at: '2026-02-03T00:00:00Z' });
  expect((await query(history)).map(Object.values)).toEqual([
    first,
    ['2026-02-03T00:00:00.000Z', null],
  ]);
});

test('the team of a user comes from the membership where the user does not name it', async () => {
  await archive.add('users', [{ key: 'u1', record: { id: 'u1', username: 'Ann' } }], {
    context: { active: 'false' },
  });
  await archive.add('team-members', [{ key: 't1/u1', record: { id: 'u1', username: 'Ann' } }], {
    context: { team_id: 't1' },
  });
  await archive.add('teams', [team('Core')]);
  await archive.add('audit-logs', [login('1', '2026-04-01T00:00:00Z')]);
  const expected = [{ team_id: 't1', team_name: 'Core' }];
  expect(await query('select team_id, team_name from audit_events')).toEqual(expected);
  expect(await query('select team_id, team_name from users')).toEqual(expected);
  expect(await query('select status from users')).toEqual([{ status: 'deactivated' }]);
});
