import { expect, test } from 'vitest';
import { codedError } from '../../src/vendors/tabnine/sandbox/errors.ts';
import type { TabnineVendor } from '../../src/vendors/tabnine/sandbox/vendor.ts';
import { homeFor, streamOf } from '../harness.ts';
import { select, stillSandbox } from './support.ts';
import {
  configure,
  idsOf,
  requestsTo,
  servedFigures,
  storedFigures,
  syncOnly,
} from './usage-support.ts';

const USER_USAGE = '/api/v2/user/usage';
const TEAM_USAGE = '/api/v2/team/usage';

/** The vendor no longer finds somebody whom it lists. */
function loses(vendor: TabnineVendor, path: string, parameter: string, id: string): void {
  const answer = vendor.answer.bind(vendor);
  vendor.answer = (call) =>
    call.path === path && call.query[parameter] === id
      ? codedError(404, 'not_found', 'Not Found')
      : answer(call);
}

test('the last one is deleted while the reading is interrupted: the others go on', async () => {
  const { sandbox } = await stillSandbox({ users: 8, teams: 2 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox);
  const last = idsOf(sandbox, 'user').toSorted().at(-1) ?? '';
  tabnine.onRequest = async ({ path, query }) => {
    if (path !== USER_USAGE || query['userId'] !== last) return;
    started.stop();
    await started.done;
  };
  const started = home.begin(['sync', 'tabnine/usage-user', '--json'], {
    AUDITLAKE_CONCURRENCY: '1',
    AUDITLAKE_START: '2026-06-01',
  });
  expect(await started.done).toMatchObject({ code: 3 });
  tabnine.onRequest = undefined;
  // Still listed, not found any more.
  loses(tabnine, USER_USAGE, 'userId', last);
  const next = await syncOnly(home, ['usage-user'], { AUDITLAKE_START: '2026-06-01' });
  expect(next.code).toBe(0);
  expect(streamOf(next.report, 'usage-user')).toMatchObject({ outcome: 'complete' });
  expect(requestsTo(sandbox, USER_USAGE).length).toBeGreaterThan(8);
});

test('a team that is not found costs its own figures only, and is named', async () => {
  const { sandbox } = await stillSandbox({ users: 8, teams: 3 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox);
  await configure(home, sandbox, {
    modelScopes: ['organization', 'team'],
    start: '2026-06-01',
  });
  const first = idsOf(sandbox, 'team').toSorted()[0] ?? '';
  loses(tabnine, TEAM_USAGE, 'teamId', first);
  const { code, report } = await syncOnly(home, ['usage-team', 'usage-models-team']);
  expect(code).toBe(0);
  for (const stream of ['usage-team', 'usage-models-team']) {
    expect(streamOf(report, stream)).toMatchObject({ outcome: 'complete' });
  }
  expect(report.quirks).toContainEqual(
    expect.objectContaining({ code: 'listed-but-not-found', source: 'tabnine' }),
  );
  const teams = await select(home, `select distinct scope_id as id from usage_metrics order by 1`);
  expect(teams.map(({ id }) => id)).toEqual(
    idsOf(sandbox, 'team')
      .filter((id) => id !== first)
      .toSorted(),
  );
});

test('ids of any form: nothing of them is kept, nothing else is changed', async () => {
  const { sandbox } = await stillSandbox({ users: 5, teams: 1 });
  const { tabnine } = sandbox;
  const odd = ['1', '20', 'a b', "o'brien (x)~!", 'q"uote'];
  for (const [i, user] of tabnine.users.entries()) user.id = odd[i] ?? user.id;
  const home = await homeFor(sandbox);
  await configure(home, sandbox, {
    pseudonymKey: 'a-secret-of-more-than-sixteen-characters',
    start: '2026-06-01',
  });
  expect(await syncOnly(home, ['usage-user'])).toMatchObject({ code: 0 });
  const stored = await storedFigures(home, 'usage-v2', 'user');
  const range = { from: Date.parse('2026-06-01'), to: Date.parse('2026-06-16') };
  expect(stored.length).toBeGreaterThan(0);
  expect(servedFigures(sandbox, 'usage-v2', 'user', range).length).toBeGreaterThan(0);
  const names = await select(home, 'select distinct scope_id as id from usage_metrics');
  expect(names).toHaveLength(5);
  for (const { id } of names) expect(id).toMatch(/^anon-[0-9a-f]{6}-[0-9a-f]{32}$/);
  const cursors = await select(home, `select "cursor"::varchar as text from ledger`);
  expect(JSON.stringify(cursors)).not.toMatch(/o'brien|a b|q\\+"uote/);
});

test('a server that lists everybody as active and as deactivated', async () => {
  const { sandbox } = await stillSandbox({ users: 20, teams: 2 });
  sandbox.tabnine.quirks.ignoreActive = true;
  const home = await homeFor(sandbox);
  const first = await syncOnly(home, ['users']);
  expect(first.report.quirks).toContainEqual(expect.objectContaining({ code: 'active-ignored' }));
  const second = await syncOnly(home, ['users']);
  expect(streamOf(second.report, 'users')).toMatchObject({ new_records: 0, changed_records: 0 });
  const active = await select(home, `select count(*)::int as n from users where status = 'active'`);
  const expected = sandbox.tabnine.users.filter(({ deactivatedAt }) => deactivatedAt === null);
  expect(active).toEqual([{ n: expected.length }]);
  expect(expected.length).toBeLessThan(20);
});

test('a key that is set while a reading is interrupted skips nobody', async () => {
  const { sandbox } = await stillSandbox({ users: 12, teams: 2 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox);
  let place = 0;
  tabnine.onRequest = async ({ path }) => {
    if (path !== USER_USAGE) return;
    place += 1;
    if (place === 10) started.stop();
    if (place >= 10) await started.done;
  };
  const started = home.begin(['sync', 'tabnine/usage-user', '--json'], {
    AUDITLAKE_CONCURRENCY: '1',
    AUDITLAKE_START: '2026-06-01',
  });
  expect(await started.done).toMatchObject({ code: 3 });
  tabnine.onRequest = undefined;
  await configure(home, sandbox, {
    pseudonymKey: 'a-secret-of-more-than-sixteen-characters',
    start: '2026-06-01',
  });
  expect(await syncOnly(home, ['usage-user'])).toMatchObject({ code: 0 });
  const days = await select(
    home,
    `select scope_id, count(distinct period_start)::int as days from usage_metrics
     where starts_with(scope_id, 'anon-') group by 1`,
  );
  expect(days).toHaveLength(12);
  expect(new Set(days.map((row) => row['days']))).toEqual(new Set([15]));
});
