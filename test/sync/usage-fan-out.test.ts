import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { DAY, select, stillSandbox } from './support.ts';
import {
  configure,
  type DatasetName,
  differences,
  idsOf,
  NONE,
  PER_DAY,
  refused,
  requestsTo,
  type Scope,
  servedFigures,
  storedFigures,
  syncOnly,
} from './usage-support.ts';
import { few, isLong, tries } from '../long.ts';

const USERS = tries(3_000, 20);
/** The whole count takes as long as it does at a real vendor, a tenth of it does not. */
const PER_SECOND = USERS > 1_000 ? 20 : 60;
const USER_USAGE = '/api/v2/user/usage';
const TOMORROW = Date.UTC(2026, 5, 16);
const LAST_90_DAYS = { from: TOMORROW - 90 * DAY, to: TOMORROW };

test(
  `${USERS} users at ${PER_SECOND} requests a second`,
  { timeout: 180_000 + USERS * 240 },
  async () => {
    const sandbox = await sandboxFor({ users: USERS, teams: 4, events: 0 });
    sandbox.tabnine.faults.rateLimit = { perSecond: PER_SECOND };
    const home = await homeFor(sandbox);
    const started = performance.now();
    const lately = { AUDITLAKE_START: new Date(Date.now() - 3 * DAY).toISOString().slice(0, 10) };
    const { code, report } = await syncOnly(home, ['usage-user'], lately);
    expect({ code, outcome: report.outcome }).toEqual({ code: 0, outcome: 'complete' });
    const { requests } = sandbox.tabnine;
    const limited = requests.filter(({ status }) => status === 429).length;
    if (USERS > 1_000) {
      const took = Math.round((performance.now() - started) / 1000);
      process.stderr.write(`${limited} of ${requests.length} requests limited, ${took} s\n`);
    }
    expect(requests.length).toBeGreaterThan(USERS);
    expect(limited / requests.length).toBeLessThanOrEqual(0.02);
  },
);

describe('a run that ends half-way', () => {
  const cases = [
    // signal, days, users, the request at which it comes, how many are asked about again at most
    // What was not committed is lost: a commit comes with every three megabytes.
    ['SIGKILL', 20, 36, 34, 36 - 12],
    ['SIGTERM', 14, 30, 20, 30 - 19 + 8],
  ] as const;
  // A process of its own runs by the machine's clock, and the vendor has to agree with it.
  const today = Math.floor(Date.now() / DAY) * DAY;
  test.each(few(1, cases))(
    'by %s is gone on with, not begun anew',
    async (signal, days, users, end, most) => {
      const start = new Date(today - days * DAY).toISOString().slice(0, 10);
      const { sandbox } = await stillSandbox({ users, teams: 3 }, Date.now());
      fatten(sandbox);
      const home = await homeFor(sandbox);
      const { child, done } = home.start(['sync', 'tabnine/usage-user', '--json'], {
        AUDITLAKE_START: start,
      });
      let place = 0;
      sandbox.tabnine.onRequest = async ({ path }) => {
        if (path !== USER_USAGE) return;
        place += 1;
        if (place === end) child.kill(signal);
        // Nothing is answered any more: what was asked by then is all that the run has.
        if (place >= end) await done;
      };
      const ran = await done;
      sandbox.tabnine.onRequest = undefined;
      if (signal === 'SIGKILL') expect(ran.signal).toBe('SIGKILL');
      else expect(ran).toMatchObject({ code: 3, signal: null });
      const asked = new Set(requestsTo(sandbox, USER_USAGE).map(({ query }) => query['userId']));
      expect(asked.size).toBeGreaterThanOrEqual(end);
      expect(asked.size).toBeLessThan(Math.min(end + 9, users + 1));

      // Who was not asked about yet has no figures, and is not unused for that.
      if (signal === 'SIGTERM') {
        expect(await home.query('select * from unused_accounts')).toEqual([]);
      }

      const since = sandbox.tabnine.requests.length;
      expect(await syncOnly(home, ['usage-user'])).toMatchObject({ code: 0 });
      const again = requestsTo(sandbox, USER_USAGE, since).filter(
        ({ query }) => query['from'] === `${start}T00:00:00Z`,
      );
      expect(again.length).toBeLessThanOrEqual(most);
      const all = new Set([...asked, ...again.map(({ query }) => query['userId'])]);
      expect([...all].map(String).toSorted()).toEqual(idsOf(sandbox, 'user').toSorted());
      const range = { from: Date.parse(start), to: today + DAY };
      const served = servedFigures(sandbox, 'usage-v2', 'user', range);
      expect(differences(await storedFigures(home, 'usage-v2', 'user'), served)).toEqual(NONE);
      // Finished, the view speaks again: here of those who never did anything.
      const idle = `select user_id from users where status = 'active' and user_id not in (
        select scope_id from usage_metrics where scope = 'user' and value > 0) order by 1`;
      const unused = await home.query<{ user_id: string }>(
        'select user_id from unused_accounts order by 1',
      );
      expect(unused).toEqual(expect.arrayContaining(await home.query(idle)));
      // As a run without an interruption would have left it.
      expect(await historyOf(home)).toEqual([{ figures: served.length, changed: 0 }]);
    },
  );
});

/** Gives every day a text, which is no figure, so that few of them fill a batch. */
function fatten({ tabnine: { usage } }: Sandbox): void {
  const expected = usage.expected.bind(usage);
  const note = 'x'.repeat(6_000);
  usage.expected = (question) => expected(question).map((bucket) => ({ ...bucket, note }));
}

async function historyOf(home: Home): Promise<unknown[]> {
  return await select(
    home,
    `select count(*)::int as figures,
       (select count(*)::int from anomalies) as changed from usage_metrics_history`,
  );
}

test('whoever wants figures of the organization only asks about nobody', async () => {
  const { sandbox } = await stillSandbox({ users: 8 });
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  await configure(home, sandbox, { usageScopes: ['organization'] });
  await home.sync();
  const { requests } = sandbox.tabnine;
  expect(requestsTo(sandbox, /\/(team|user)\/(agent-)?usage$/)).toEqual([]);
  expect(requests.filter(({ query }) => 'userId' in query)).toEqual([]);
  expect(requestsTo(sandbox, '/api/v2/organization/usage').length).toBeGreaterThan(90);
  const scopes = await select(
    home,
    `select distinct scope from usage_metrics where dataset in ('usage-v1', 'usage-v2', 'agent-usage')`,
  );
  expect(scopes).toEqual([{ scope: 'organization' }]);
  expect(refused(sandbox)).toEqual([]);
});

/** A series of people and the one that ended, of which the first day is looked for; in the long tests all. */
const IN_PIECES = isLong ? PER_DAY : ['usage-user', 'usage-v1-organization'];
const COMPARED = few<[DatasetName, Scope]>(1, [
  ['usage-v2', 'user'],
  ['agent-usage', 'team'],
  ['usage-v2', 'organization'],
  ['usage-v2', 'team'],
  ['agent-usage', 'organization'],
  ['agent-usage', 'user'],
]);

describe('a server that takes no more than 31 days at a time', () => {
  test('is asked in pieces and read completely', async () => {
    const { sandbox } = await stillSandbox({ users: 2, teams: 1, days: 100 });
    sandbox.tabnine.quirks.maxUsageDays = 31;
    const home = await homeFor(sandbox, ['tabnine'], { streams: IN_PIECES });
    // Of a series that ended all years are looked through, a thousand pieces: without the long tests a few months.
    const range = isLong ? LAST_90_DAYS : { from: TOMORROW - 130 * DAY, to: TOMORROW };
    const start = new Date(range.from).toISOString();
    const { outcome } = await home.sync(0, isLong ? {} : { AUDITLAKE_START: start });
    expect(outcome).toBe('complete');
    for (const [name, scope] of COMPARED) {
      const served = servedFigures(sandbox, name, scope, range);
      expect(differences(await storedFigures(home, name, scope), served)).toEqual(NONE);
    }
    expect(await firstV1Day(home)).toBe(firstServedDay(sandbox));
    // What was learnt of one member is not tried on the next.
    const users = requestsTo(sandbox, USER_USAGE).filter(({ status }) => status === 400);
    expect(users.length).toBeLessThanOrEqual(8);
  });
});

async function firstV1Day(home: Home): Promise<unknown> {
  const rows = await select(
    home,
    `select min(period_start)::date::varchar as day from usage_metrics
     where dataset = 'usage-v1' and scope = 'organization' and metric = 'active_users' and value > 0`,
  );
  return rows[0]?.['day'];
}

function firstServedDay(sandbox: Sandbox): string {
  const range = { from: TOMORROW - 160 * DAY, to: TOMORROW };
  const lines = servedFigures(sandbox, 'usage-v1', 'organization', range);
  const active = lines.filter((line) => / - - active_users users [1-9]/.test(line));
  return active[0]?.split(' ')[2]?.slice(0, 10) ?? '';
}
