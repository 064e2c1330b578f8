import { beforeEach, expect, test } from 'vitest';
import { differences } from '../../src/load/differences/differences.ts';
import { few, isLong } from '../long.ts';
import { type Item, type Row, TestArchive, rowsOf } from './archive.ts';

const FROM = '2026-02-01T00:00:00Z';
const TO = '2026-02-02T00:00:00Z';
const CONTEXT = { scope: 'team', scope_id: 't1', granularity: 'daily' };
const on = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;

const bucket = (more: object, scopeId = 't1', from = FROM, to = TO): Item => ({
  key: `${scopeId}/${from}`,
  time: from,
  record: { from, to, ...more },
});

let archive: TestArchive;
beforeEach(async () => {
  archive = await TestArchive.make();
});

/** Adds a batch to the stream of a team's days, read on a day of March. */
async function read(
  day: number,
  items: Item[],
  context: Record<string, string> = CONTEXT,
): Promise<void> {
  await archive.add('usage-team', items, { at: on(day), context });
}

const HISTORY = 'select metric, value, seq, latest from internal.figures order by metric, seq, n';

/** The rows of an answer after all batches were loaded at once, which is as if each had been loaded by itself. */
async function however(sql: string): Promise<unknown[][]> {
  const { path } = await archive.load({ singly: isLong, fresh: true });
  // It looks at every table and column, and takes longer than the rest. One test below does so always.
  if (isLong) await expectSameAtOnce(path);
  const answer = await rowsOf(path, sql);
  return answer.map((row) => Object.values(row));
}

async function expectSameAtOnce(path: string): Promise<void> {
  const atOnce = await archive.begin({ fresh: true });
  await atOnce.apply(archive.batches);
  await atOnce.seal({ files: [], seq: archive.seq });
  expect(await differences(path, atOnce.path)).toEqual([]);
  await atOnce.finish();
}

const query = async (sql: string): Promise<Row[]> => rowsOf((await archive.current()).path, sql);

test('a figure that is restated and restated back', async () => {
  for (const [index, value] of [5, 7, 5].entries()) {
    await read(index + 1, [bucket({ activeUsers: value, chat: { messages: 1 } })]);
  }
  expect(await however(HISTORY)).toEqual([
    ['active_users', 5, 1, false],
    ['active_users', 7, 2, false],
    ['active_users', 5, 3, true],
    ['chat.messages', 1, 1, true],
  ]);
  const observed = 'value, observed_at, seq';
  expect(
    await query(`select ${observed} from usage_metrics where metric = 'active_users'`),
  ).toEqual([{ value: 5, observed_at: on(3), seq: 3 }]);
  expect(
    (
      await query(
        `select value from usage_metrics_history where metric = 'active_users' order by seq`,
      )
    ).map(({ value }) => value),
  ).toEqual([5, 7, 5]);
});

test('a figure that disappears, and comes back', async () => {
  await read(1, [bucket({ activeUsers: 5, chat: { messages: 1 } })]);
  await read(2, [bucket({ activeUsers: 5 })]);
  // Still gone: nothing new.
  await read(3, [bucket({ activeUsers: 6 })]);
  expect(await however(HISTORY)).toEqual([
    ['active_users', 5, 1, false],
    ['active_users', 6, 3, true],
    ['chat.messages', 1, 1, false],
    ['chat.messages', null, 2, true],
  ]);
  expect(await query('select metric, value from usage_metrics')).toEqual([
    { metric: 'active_users', value: 6 },
  ]);
  await read(4, [bucket({ activeUsers: 6, chat: { messages: 1 } })]);
  expect((await however(HISTORY)).slice(2)).toEqual([
    ['chat.messages', 1, 1, false],
    ['chat.messages', null, 2, false],
    ['chat.messages', 1, 4, true],
  ]);
});

test('a version without any figure is a version', async () => {
  await read(1, [bucket({ activeUsers: 5 })]);
  await read(2, [bucket({ activeUsers: null })]);
  await read(3, [bucket({ activeUsers: 5 })]);
  expect(await however(HISTORY)).toEqual([
    ['active_users', 5, 1, false],
    ['active_users', null, 2, false],
    ['active_users', 5, 3, true],
  ]);
});

test('two versions in one batch, and the same content again', async () => {
  await read(1, [
    bucket({ activeUsers: 1 }),
    bucket({ activeUsers: 2 }),
    bucket({ activeUsers: 2 }),
  ]);
  await read(2, [bucket({ activeUsers: 2 }), bucket({ activeUsers: 9 }, 't2')]);
  expect(
    await however('select value, seq, n, latest from internal.figures order by seq, n'),
  ).toEqual([
    [1, 1, 2, false],
    [2, 1, 3, true],
    [9, 2, 3, true],
  ]);
});

test('a day that was not over has another period once it is', async () => {
  await read(1, [bucket({ activeUsers: 1 }, 't1', FROM, '2026-02-01T13:00:00Z')]);
  await read(2, [bucket({ activeUsers: 1 })]);
  expect(await however('select period_end, value from usage_metrics')).toEqual([
    ['2026-02-02T00:00:00.000Z', 1],
  ]);
});

const breakdown = (...counts: [string, number][]): object => ({
  modelBreakdown: counts.map(([model, cost]) => ({ model, cost })),
});

const addAgents = (day: number, record: object): Promise<void> =>
  archive.add('agent-usage-team', [bucket(record)], { at: on(day), context: CONTEXT });

test('models and tools are figures of their own', async () => {
  await addAgents(1, breakdown(['a', 1], ['b', 2]));
  await addAgents(2, breakdown(['b', 2], ['c', 3]));
  expect(
    await however('select model, value, seq, latest from internal.figures order by model, seq'),
  ).toEqual([
    ['a', 1, 1, false],
    ['a', null, 2, true],
    ['b', 2, 1, true],
    ['c', 3, 2, true],
  ]);
});

test('any order of restatements gives the same rows, however they are grouped', async () => {
  // Fixed numbers that look like chance: the same on every run.
  let state = 7;
  const chance = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (let batch = 1; batch <= 12; batch++) {
    const items = Array.from({ length: 1 + chance(5) }, () => {
      const record = {
        ...(chance(3) > 0 && { activeUsers: chance(3) }),
        ...(chance(3) > 0 && {
          chat: { messages: chance(2), models: [{ model: `m${chance(2)}`, messages: 1 }] },
        }),
      };
      return bucket(record, `t${chance(3)}`);
    });
    await read(batch, items);
  }
  const rows = await however(`
    select count(*) > 20 as enough from internal.figures
    union all
    select bool_and(latest_rows = 1) from (
      select count(*) filter (latest) as latest_rows from internal.figures
      group by record_key, period_start, period_end, tool, model, metric
    )`);
  expect(rows).toEqual([[true], [true]]);
  // The next run goes on from a published generation.
  const before = await archive.load({ singly: true, fresh: true });
  await expectSameAtOnce(before.path);
  await read(20, [bucket({ activeUsers: 100 }), bucket({}, 't2')]);
  const continued = await archive.load();
  expect(continued.seq).toBe(before.seq + 1);
  await expectSameAtOnce(continued.path);
});

test('a bill in two currencies is two figures, whichever way its versions are grouped', async () => {
  archive.account = { source: 'acme', vendor: 'openai' };
  const start_time = 1_781_395_200;
  const bill = (amounts: Record<string, number>): Item => ({
    key: 'organization/1',
    record: {
      start_time,
      end_time: start_time + 86_400,
      results: Object.entries(amounts).map(([currency, value]) => ({
        amount: { value, currency },
      })),
    },
  });
  const context = { dimensions: 'project_id line_item api_key_id' };
  for (const [n, amounts] of [{ usd: 1, eur: 2 }, { usd: 1, eur: 3 }, { usd: 4 }].entries()) {
    await archive.add('costs', [bill(amounts)], { at: on(n + 1), context });
  }
  const { path } = await archive.load({ singly: true, fresh: true });
  await expectSameAtOnce(path);
  const rows = await rowsOf(
    path,
    'select unit, value, seq, latest from internal.figures order by unit, seq',
  );
  expect(rows).toEqual([
    { unit: 'EUR', value: 2, seq: 1, latest: false },
    { unit: 'EUR', value: 3, seq: 2, latest: false },
    { unit: 'EUR', value: null, seq: 3, latest: true },
    { unit: 'USD', value: 1, seq: 1, latest: false },
    { unit: 'USD', value: 4, seq: 3, latest: true },
  ]);
});

test('a period that is no longer served keeps its figures, and is a finding', async () => {
  await read(1, [bucket({ activeUsers: 5 })]);
  await read(2, [{ absent: `t1/${FROM}`, at: on(2) }]);
  await archive.add('team-utilization', [{ key: 't1', record: { invited: 1 } }], {
    context: { team_id: 't1' },
  });
  await archive.add('team-utilization', [{ absent: 't1', at: on(3) }]);
  expect(await however('select dataset, value from usage_metrics order by 1')).toEqual([
    ['team-utilization', 1],
    ['usage-v2', 5],
  ]);
  expect(await query('select kind, source, stream, what from anomalies')).toEqual([
    {
      kind: 'vanished',
      source: 'acme',
      stream: 'usage-team',
      what: `{"stream":"usage-team","key":"t1/${FROM}"}`,
    },
  ]);
  expect(await query('select * from internal.entity_versions')).toEqual([]);
});

test('verify sees a figure that was altered', async () => {
  await read(1, [bucket({ activeUsers: 5 })]);
  const { path } = await archive.load();
  const other = await TestArchive.make();
  await other.add('usage-team', [bucket({ activeUsers: 6 })], { at: on(1), context: CONTEXT });
  expect(await differences(path, (await other.load()).path)).toMatchObject([
    { table: 'figures', only_in_warehouse: 1, only_in_archive: 1 },
  ]);
});

const team = (name: string): Item => ({ key: 't1', record: { id: 't1', name } });

test('names are as of the period, and a snapshot speaks of when it was read', async () => {
  await archive.add('teams', [team('Core')], { at: '2026-02-01T12:00:00Z' });
  await archive.add('teams', [team('Kernel')], { at: '2026-02-03T00:00:00Z' });
  await read(1, [
    bucket({ activeUsers: 1 }),
    bucket({ activeUsers: 2 }, 't1', '2026-02-03T00:00:00Z', '2026-02-04T00:00:00Z'),
  ]);
  await archive.add('team-utilization', [{ key: 't1', record: { invited: 3 } }], {
    at: on(5),
    context: { team_id: 't1' },
  });
  expect(
    await however(
      'select scope_name, period_start, period_end, value from usage_metrics order by value',
    ),
  ).toEqual([
    ['Core', '2026-02-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z', 1],
    ['Kernel', '2026-02-03T00:00:00.000Z', '2026-02-04T00:00:00.000Z', 2],
    ['Kernel', on(5), null, 3],
  ]);
});

const columnsOf = async (view: string): Promise<unknown[]> =>
  (await query(`describe ${view}`)).map((row) => row['column_name']);

test('the public columns', async () => {
  const expected =
    'source vendor organization_id dataset scope scope_id scope_name period_start period_end granularity tool model metric value unit observed_at seq'.split(
      ' ',
    );
  expect(await columnsOf('usage_metrics')).toEqual(expected);
  expect(await columnsOf('usage_metrics_history')).toEqual(expected);
});

const THINGS = few<[stream: string, items: Item[], context: Record<string, string>]>(1, [
  ['license', [{ key: 'license', record: { seats: 1 } }], {}],
  ['permissions', [{ key: 'Admin/ann', record: { username: 'ann' } }], { role: 'Admin' }],
  ['invitations', [{ key: 'i', record: { id: 'i' } }], {}],
  ['repositories', [{ key: 't1/r', record: { repository_link: 'r' } }], { team_id: 't1' }],
  ['allowed-teams', [{ key: 'u1/t1', record: { id: 't1' } }], { user_id: 'u1' }],
]);

test.each(THINGS)(
  'a thing of %s that is no longer listed is closed',
  async (stream, items, context) => {
    await archive.add(stream, items, { at: on(1), context });
    const keys = items.flatMap((item) => ('key' in item ? [item.key] : []));
    await archive.add(stream, [{ absent: keys[0] ?? '', at: on(2) }], { at: on(2) });
    expect(await however('select valid_from, valid_to from entity_history')).toEqual([
      [on(1), on(2)],
    ]);
  },
);

const user = (username: string): Item => ({ key: 'u1', record: { id: 'u1', username } });

test('names are brought up to date when the directory changed in a later generation', async () => {
  const names = 'select name from internal.names_over_time order by holds_from';
  await archive.add('users', [user('Ann')], { at: on(1) });
  expect(await query(names)).toEqual([{ name: 'Ann' }]);
  await read(2, [bucket({ activeUsers: 1 })]);
  expect(await query(names)).toEqual([{ name: 'Ann' }]);
  await archive.add('users', [user('Anna')], { at: on(3) });
  expect(await query(names)).toEqual([{ name: 'Ann' }, { name: 'Anna' }]);
});

const key = (digit: string): string => `t1/sha256:${digit.repeat(64)}#0`;
const unnamed = (digit: string, cost: number): Item => ({
  key: key(digit),
  time: FROM,
  record: { from: FROM, to: TO, cost },
});

test('of records that are known by their content alone, the figures end when others come in their place', async () => {
  await read(1, [unnamed('a', 5), unnamed('b', 7), bucket({ cost: 1 })]);
  // Priced anew; and a record with an id that is no longer served, whose figures stand.
  await read(2, [
    unnamed('c', 6),
    { absent: key('a'), at: on(2) },
    { absent: `t1/${FROM}`, at: on(2) },
  ]);
  await read(3, [{ absent: key('b'), at: on(3) }]);
  await read(4, [unnamed('b', 7)]);
  const now = `select list(value order by value) as "values" from usage_metrics where metric = 'cost'`;
  expect(await however(now)).toEqual([[[1, 6, 7]]]);
});

test('what is restated is a figure, not another record of the same period', async () => {
  const other = { ...bucket({ activeUsers: 9 }), key: 't1/another' };
  await read(1, [bucket({ activeUsers: 5 }), other]);
  const restated = 'select former, value, revisions, seq from restated_between(null, null)';
  expect(await query(restated)).toEqual([]);
  await read(2, [bucket({ activeUsers: 7 })]);
  await read(3, [bucket({ activeUsers: 5 })]);
  expect(await query(restated)).toEqual([{ former: 7, value: 5, revisions: 3, seq: 3 }]);
});
