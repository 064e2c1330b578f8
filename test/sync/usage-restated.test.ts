import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, homeFor } from '../harness.ts';
import { DAY, filesBelow, select, stillSandbox } from './support.ts';
import { configure, syncOnly } from './usage-support.ts';

const NOW = Date.UTC(2026, 5, 15, 12);
const STREAMS = ['usage-organization', 'usage-team', 'usage-user'];

type Row = Record<string, unknown>;

async function figures(home: Home, table: string): Promise<Row[]> {
  return await select(
    home,
    `select scope, scope_id, period_start::date::varchar as day, metric, value
     from ${table} where dataset = 'usage-v2' order by all`,
  );
}

/** A user of a team who wrote completions on that day. */
function writer(
  { tabnine }: Sandbox,
  day: string,
): { id: string; team: string; completions: number } {
  const from = Date.parse(day);
  for (const { id, team } of tabnine.users) {
    const asked = { dataset: 'v2', scope: 'user', id, from, to: from + DAY } as const;
    const [bucket] = tabnine.usage.expected({ ...asked, granularity: 'daily' });
    const { completions = 0 } = (bucket?.['codeCompletions'] ?? {}) as { completions?: number };
    if (team !== null && completions > 1) return { id, team: team.id, completions };
  }
  throw new Error('nobody wrote anything');
}

function ofDay(day: string): (row: Row) => boolean {
  return (row) => row['day'] === day && row['metric'] === 'code_completions.completions';
}

test('a day that the vendor corrects: the newest value counts, the former one is kept', async () => {
  const { sandbox } = await stillSandbox({ users: 6 });
  const home = await homeFor(sandbox);
  await configure(home, sandbox, { start: '2026-06-05' });
  await syncOnly(home, STREAMS);
  const before = await figures(home, 'usage_metrics');
  expect(await figures(home, 'usage_metrics_history')).toEqual(before);

  const day = '2026-06-11';
  const { id, team, completions } = writer(sandbox, day);
  sandbox.tabnine.usage.restate({ dataset: 'v2', userId: id, day, factor: 3 });
  const { report } = await syncOnly(home, STREAMS);
  expect(report.streams.map((stream) => stream.changed_records)).toEqual([1, 1, 1]);

  const after = await figures(home, 'usage_metrics');
  expect(after.length).toBe(before.length);
  const changed = after.filter((row, i) => row['value'] !== before[i]?.['value']);
  // One day of one user, of their team and of the organization, whatever the figure.
  expect([...new Set(changed.map((row) => String(row['scope_id'])))].toSorted()).toEqual(
    [id, team, sandbox.tabnine.organization.id].toSorted(),
  );
  expect(new Set(changed.map((row) => row['day']))).toEqual(new Set([day]));
  const raised = changed.filter(ofDay(day));
  expect(raised).toHaveLength(3);
  const former = new Map(before.filter(ofDay(day)).map((row) => [row['scope_id'], row['value']]));
  for (const row of raised) {
    expect(row['value']).toBe(Number(former.get(row['scope_id'])) + 2 * completions);
  }
  expect(changed.some((row) => String(row['metric']).endsWith('users'))).toBe(false);
  // Both values, and nothing else that is new.
  const history = await figures(home, 'usage_metrics_history');
  expect(history.length).toBe(before.length + changed.length);
  const kept = new Set(history.map((row) => JSON.stringify(row)));
  expect([...before, ...after].filter((row) => !kept.has(JSON.stringify(row)))).toEqual([]);

  // What goes back is one more value.
  sandbox.tabnine.usage.restate({ dataset: 'v2', userId: id, day, factor: 1 / 3 });
  await syncOnly(home, STREAMS);
  expect(await figures(home, 'usage_metrics')).toEqual(before);
  const all = await figures(home, 'usage_metrics_history');
  expect(all.length).toBe(before.length + 2 * changed.length);
});

test('a run without news adds nothing', async () => {
  const { sandbox } = await stillSandbox({
    users: 4,
    events: 50,
    frozenAt: Date.UTC(2026, 5, 8),
  });
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  // What is read once is among it.
  await configure(home, sandbox, { start: '2026-06-05' });
  await home.sync();
  const look = async () => ({
    counts: await select(
      home,
      `select (select count(*)::int from usage_metrics_history) as figures,
         (select count(*)::int from entity_history) as entities`,
    ),
    files: [...(await filesBelow(join(home.folder, 'archive')))].filter(
      ([path]) => !path.includes('/ledger/'),
    ),
  });
  const before = await look();
  const { streams } = await home.sync();
  const news = streams.filter((s) => s.new_records + s.changed_records + s.absent_records > 0);
  expect(news).toEqual([]);
  expect(await look()).toEqual(before);
});

test('a correction after twenty days is noticed by those who look back so far', async () => {
  const { sandbox } = await stillSandbox({ users: 4 });
  const home = await homeFor(sandbox);
  await configure(home, sandbox, { start: '2026-05-20' });
  await syncOnly(home, STREAMS);
  const before = await figures(home, 'usage_metrics');
  const day = new Date(NOW - 20 * DAY).toISOString().slice(0, 10);
  const { id } = writer(sandbox, day);
  sandbox.tabnine.usage.restate({ dataset: 'v2', userId: id, day, factor: 2 });
  await syncOnly(home, STREAMS);
  expect(await figures(home, 'usage_metrics')).toEqual(before);

  const { report } = await syncOnly(home, STREAMS, { AUDITLAKE_USAGE_LOOKBACK: '30d' });
  expect(report.streams.map((stream) => stream.changed_records)).toEqual([1, 1, 1]);
  const after = await figures(home, 'usage_metrics');
  const changed = after.filter((row, i) => row['value'] !== before[i]?.['value']);
  expect(changed.filter(ofDay(day))).toHaveLength(3);
});
