import { expect, test } from 'vitest';
import { type Home, streamOf } from '../harness.ts';
import { devinHome, devinRequests, devinSandbox, QUIET, syncDevin } from './devin-support.ts';
import { long } from '../long.ts';
import { HOUR, MINUTE, select } from './support.ts';

const SESSIONS = ['sessions'];

const stored = async (home: Home): Promise<unknown[]> =>
  await select(
    home,
    `select session_id, organization_id, status, origin, acus, user_id, service_user_id,
       epoch(updated_at)::int as updated from work_sessions order by session_id`,
  );

async function sessionsSandbox(count: number) {
  const { sandbox, clock } = await devinSandbox({ sessions: count, days: 120 });
  const { devin } = sandbox;
  const served = (): unknown[] =>
    devin.sessions
      .map((session) => ({
        session_id: session.session_id,
        organization_id: session.org_id,
        status: session.status,
        origin: session.origin,
        acus: session.acus_consumed,
        user_id: session.user_id,
        service_user_id: session.service_user_id,
        updated: session.updated_at,
      }))
      .toSorted((a, b) => (a.session_id < b.session_id ? -1 : 1));
  return { sandbox, devin, clock, served, home: await devinHome(sandbox) };
}

test('every session, those of deleted organizations among them; one that grows stays one', async () => {
  const { devin, sandbox, clock, served, home } = await sessionsSandbox(90);
  await syncDevin(home, SESSIONS);
  expect(await stored(home)).toEqual(served());
  const [former] = devin.deletedOrganizations;
  expect(devin.sessions.filter(({ org_id }) => org_id === former?.org_id)).not.toEqual([]);

  const growing = devin.sessions[3]?.session_id ?? '';
  clock.at += HOUR;
  devin.growSession(growing, { acus: 1.5, at: clock.at / 1000 - 60, status: 'running' });
  devin.deleteOrganization(devin.organizations[1]?.org_id ?? '');
  const before = devin.requests.length;
  expect(streamOf(await syncDevin(home, SESSIONS), 'sessions')).toMatchObject({
    absent_records: 0,
  });
  const asked = devinRequests(sandbox, /\/sessions$/, before);
  expect(asked.filter(({ query }) => query['updated_after'] !== undefined)).toHaveLength(1);
  expect(await stored(home)).toEqual(served());

  expect(streamOf(await syncDevin(home, SESSIONS), 'sessions')).toMatchObject(QUIET);
  // It grows on out of what is read again, and then vanishes from there.
  clock.at += 2 * HOUR;
  devin.growSession(growing, { acus: 2, at: clock.at / 1000 - 1 });
  await syncDevin(home, SESSIONS);
  expect(await stored(home)).toEqual(served());
  expect(await select(home, 'select * from anomalies')).toEqual([]);
});

test('a session that is updated while pages are read is not lost', async () => {
  const { devin, clock, served, home } = await sessionsSandbox(500);
  let pages = 0;
  devin.onRequest = ({ path }) => {
    if (!path.endsWith('/sessions')) return;
    pages += 1;
    // A second passes; one is updated that was read, one that was not, and both leave the range that is asked for.
    clock.at += 1000;
    for (const place of [pages * 5, 499 - pages * 5]) {
      const id = devin.sessions[place]?.session_id ?? '';
      devin.growSession(id, { acus: 1, at: clock.at / 1000 });
    }
  };
  await syncDevin(home, SESSIONS);
  expect(pages).toBeGreaterThan(3);
  devin.onRequest = undefined;
  clock.at += 5 * MINUTE;
  await syncDevin(home, SESSIONS);
  expect(await stored(home)).toEqual(served());
  expect(await select(home, 'select * from anomalies')).toEqual([]);
});

// devin-audit.test.ts and usage-odd.test.ts have other readings that are stopped.
long('a run that is stopped between two pages reads its part again, and all the rest', async () => {
  const { devin, served, home } = await sessionsSandbox(700);
  const { stop, done } = home.begin(['sync', 'devin/sessions', '--json']);
  devin.onRequest = async ({ path, query }) => {
    if (!path.endsWith('/sessions') || query['after'] === undefined) return;
    stop();
    await done;
  };
  expect((await done).code).toBe(3);
  devin.onRequest = undefined;
  await syncDevin(home, SESSIONS);
  expect(await stored(home)).toEqual(served());
});
