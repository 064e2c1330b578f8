import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from './start.ts';
import { AUDIT_LOGS, type Page, get, getJson } from '../vendors/tabnine/sandbox/client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 100, token: 'not-a-secret' });
});
afterEach(() => sandbox.close());

test('requests are noted, and the token is not', async () => {
  await get(sandbox, AUDIT_LOGS, { limit: 7 });
  expect(sandbox.tabnine.requests).toMatchObject([
    { method: 'GET', path: AUDIT_LOGS, query: { limit: '7' }, status: 200, served: 7 },
  ]);
  expect(sandbox.tabnine.requests[0]?.headers).toContain('authorization');
  expect(JSON.stringify(sandbox.tabnine.requests)).not.toContain('not-a-secret');
});

test('events may change between two pages', async () => {
  const { tabnine } = sandbox;
  tabnine.onRequest = ({ index }) => {
    if (index === 1) tabnine.events.insert({ id: 'late', timestamp: new Date().toISOString() });
  };
  const first = await getJson<Page>(sandbox, AUDIT_LOGS, { limit: 10 });
  const second = await getJson<Page>(sandbox, AUDIT_LOGS, { limit: 10, offset: 10 });
  expect(second.items[0]?.id).toBe(first.items[9]?.id);
});

test('a failure inside onRequest is not taken for a fault', async () => {
  sandbox.tabnine.onRequest = () => {
    throw new Error('the test is wrong');
  };
  const { status, text } = await get(sandbox, AUDIT_LOGS);
  expect(status).toBe(500);
  expect(text).toContain('sandbox defect: Error: the test is wrong');
});

test('people come, change their names and go', () => {
  const { tabnine } = sandbox;
  const [team] = tabnine.teams;
  if (team === undefined) throw new Error('no team');
  const members = team.usersCount;
  const user = tabnine.addUser({ username: 'Ada', email: 'ada@acme.test', team, at: 0 });
  expect(team.usersCount).toBe(members + 1);
  tabnine.renameUser(user.id, 'Ada L', 1_000);
  tabnine.renameTeam(team.id, 'Analytics');
  expect(user).toMatchObject({
    username: 'Ada L',
    updatedAt: '1970-01-01T00:00:01.000Z',
    team: { name: 'Analytics' },
  });
  tabnine.deactivateUser(user.id, 2_000);
  expect(user.deactivatedAt).toBe('1970-01-01T00:00:02.000Z');
  expect(team.usersCount).toBe(members);
  expect(() => tabnine.renameUser('nobody', 'x', 0)).toThrow('no user has the id nobody');
});

test('latency is added to each answer', async () => {
  const slow = await startSandbox({ events: 10, latencyMs: 60 });
  const start = performance.now();
  await get(slow, '/api/v1/organization');
  expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  await slow.close();
});
