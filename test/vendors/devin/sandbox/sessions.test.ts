import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../../../../src/vendors/devin/sandbox/sessions.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { ENTERPRISE, firstOf, readAll } from './client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, devin: { events: 200 } });
});
afterEach(() => sandbox.close());

const list = (query = {}): Promise<Session[]> =>
  readAll<Session>(sandbox, `${ENTERPRISE}/sessions`, { first: 7, ...query });
const everything = { include_deleted_orgs: 'true' };

test('sessions of deleted organizations are hidden unless asked for', async () => {
  const { sessions, deletedOrganizations, organizations } = sandbox.devin;
  const deleted = firstOf(deletedOrganizations).org_id;
  expect(await list(everything)).toEqual(sessions);
  expect(sessions).toHaveLength(60);
  const visible = sessions.filter(({ org_id }) => org_id !== deleted);
  expect(visible.length).toBeLessThan(60);
  expect(await list()).toEqual(visible);
  const next = firstOf(organizations).org_id;
  sandbox.devin.deleteOrganization(next);
  expect(await list()).toEqual(visible.filter(({ org_id }) => org_id !== next));
});

test('ids lack the prefix that audit events have', () => {
  const { sessions, events } = sandbox.devin;
  const ids = new Set(sessions.map(({ session_id: id }) => `devin-${id}`));
  const message = firstOf(events.all().filter(({ action }) => action === 'send_message'));
  expect(ids).toContain(Reflect.get(message.data, 'session_id'));
});

test('a session that works on is found by when it was updated', async () => {
  const { devin } = sandbox;
  const session = firstOf(devin.sessions);
  const at = Math.floor(Date.now() / 1000) + 10;
  const acus = session.acus_consumed;
  devin.growSession(session.session_id, { acus: 1.25, at, status: 'running' });
  session.pull_requests.push({ pr_url: 'https://github.com/acme/search/pull/9', pr_state: null });
  const found = await list({ ...everything, updated_after: at });
  expect(found).toEqual([session]);
  expect(found[0]).toMatchObject({
    acus_consumed: acus + 1.25,
    updated_at: at,
    status: 'running',
  });
  expect(() => devin.growSession('none', { acus: 1, at })).toThrow('no session');
});

describe('filters', () => {
  const cases: [
    name: string,
    keeps: (session: Session, value: unknown) => boolean,
    of: keyof Session,
  ][] = [
    ['created_after', (session, value) => session.created_at >= Number(value), 'created_at'],
    ['created_before', (session, value) => session.created_at < Number(value), 'created_at'],
    ['updated_after', (session, value) => session.updated_at >= Number(value), 'updated_at'],
    ['updated_before', (session, value) => session.updated_at < Number(value), 'updated_at'],
    ['org_ids', (session, value) => session.org_id === value, 'org_id'],
    ['user_ids', (session, value) => session.user_id === value, 'user_id'],
    ['origins', (session, value) => session.origin === value, 'origin'],
    ['session_ids', (session, value) => session.session_id === value, 'session_id'],
    ['is_archived', (session, value) => session.is_archived === value, 'is_archived'],
  ];
  test.each(cases)('%s', async (name, keeps, of) => {
    const { sessions } = sandbox.devin;
    const value: unknown = sessions.slice(20).find((session) => session[of] !== null)?.[of];
    const expected = sessions.filter((session) => keeps(session, value));
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(60);
    expect(
      await list({ ...everything, [name]: JSON.stringify(value).replaceAll('"', '') }),
    ).toEqual(expected);
  });

  test('a list repeats its name', async () => {
    const { sessions, organizations } = sandbox.devin;
    const ids = organizations.slice(0, 2).map(({ org_id }) => org_id);
    const expected = sessions.filter(({ org_id }) => ids.includes(org_id));
    expect(await list({ org_ids: ids })).toEqual(expected);
  });

  test('there is no order', async () => {
    expect(await list({ order: 'asc' })).toEqual(await list({ order: 'desc' }));
  });
});

test('sessions have every state, and pull requests with and without one', () => {
  const { sessions } = sandbox.devin;
  expect(new Set(sessions.map(({ status }) => status)).size).toBeGreaterThan(4);
  const states = sessions.flatMap(({ pull_requests: prs }) => prs.map(({ pr_state }) => pr_state));
  expect(new Set(states)).toEqual(new Set(['open', 'merged', 'closed', null]));
});
