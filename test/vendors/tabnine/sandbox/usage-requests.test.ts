import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Scope } from '../../../../src/vendors/tabnine/sandbox/usage/usage.ts';
import { get, getJson } from './client.ts';
import { PATHS, asked, bucketsOf } from './usage-client.ts';

const RANGE = { from: '2026-06-01T00:00:00Z', to: '2026-06-08T00:00:00Z' };
const RIGHT = { ...RANGE, granularity: 'daily' };
const OLDER = { startDate: RANGE.from, endDate: RANGE.to, granularity: 'daily' };
let sandbox: Sandbox;

beforeEach(async () => {
  const until = Date.parse('2026-06-15T12:00:00Z');
  sandbox = await startSandbox({ events: 10, users: 20, teams: 2, until, now: () => until });
});
afterEach(() => sandbox.close());

async function answerOf(
  path: string,
  query: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  const { status, text } = await get(sandbox, path, query);
  return { status, body: JSON.parse(text) };
}

describe('refusals', () => {
  test.each([
    ['v1', 400, 'bad_request', "`organizationId` must be the organization's id"],
    ['v2', 400, 'bad_request', "`organizationId` must be the organization's id"],
    ['agent', 401, 'unauthorized', 'Unauthorized: Invalid organization.'],
  ] as const)('%s without the organization: %i', async (dataset, status, error, message) => {
    for (const query of [RIGHT, { ...RIGHT, organizationId: 'another' }]) {
      const answer = await answerOf(PATHS[dataset].organization, query);
      expect(answer).toMatchObject({ status, body: { error, message, status } });
    }
  });

  test.each([
    ['no from', { to: RANGE.to, granularity: 'all' }],
    ['no to', { from: RANGE.from, granularity: 'all' }],
    ['no granularity', RANGE],
    ['an unknown granularity', { ...RANGE, granularity: 'hourly' }],
    ['a short granularity', { ...RANGE, granularity: 'day' }],
    ['an empty range', { ...RIGHT, to: RANGE.from }],
    ['a range from its end', { ...RIGHT, from: RANGE.to, to: RANGE.from }],
    ['a fraction of a second', { ...RIGHT, from: '2026-06-01T00:00:00.000Z' }],
    ['a day alone', { ...RIGHT, from: '2026-06-01' }],
  ])('400 for %s', async (_case, query) => {
    for (const { organization } of Object.values(PATHS)) {
      expect((await answerOf(organization, asked(sandbox, 'organization', query))).status).toBe(
        400,
      );
    }
  });

  test.each([
    ['team', {}, 400],
    ['user', {}, 400],
    ['team', { teamId: 'nobody' }, 404],
    ['user', { userId: 'nobody' }, 404],
  ] as const)('%s with %o: %i', async (scope: Scope, subject, status) => {
    for (const paths of Object.values(PATHS)) {
      const query = { ...asked(sandbox, 'organization', RIGHT), ...subject };
      expect((await answerOf(paths[scope], query)).status).toBe(status);
    }
  });

  test('the first names of the range are a failure of the server', async () => {
    for (const query of [OLDER, asked(sandbox, 'organization', OLDER)]) {
      expect(await answerOf(PATHS.agent.organization, query)).toMatchObject({
        status: 500,
        body: { message: 'Error trying to get organization agent usage' },
      });
    }
    const others = asked(sandbox, 'organization', OLDER);
    expect((await answerOf(PATHS.v2.organization, others)).status).toBe(400);
  });
});

describe('quirks', () => {
  test('documented profile: the first names of agent usage, and short granularities', async () => {
    sandbox.tabnine.quirks.profile = 'documented';
    const query = { ...OLDER, granularity: 'day' };
    const { status, body } = await answerOf(PATHS.agent.organization, query);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...RANGE, usage: { granularity: 'daily' } });
  });

  test('fractions of seconds may be accepted', async () => {
    sandbox.tabnine.quirks.rejectFractionalSeconds = false;
    const query = { ...RIGHT, from: '2026-06-01T00:00:00.000Z' };
    expect(await bucketsOf(sandbox, 'v2', 'organization', query)).toHaveLength(7);
  });

  test('agent usage has one of three envelopes, other series have one', async () => {
    const query = asked(sandbox, 'organization', RIGHT);
    const read = (): Promise<unknown> => getJson(sandbox, PATHS.agent.organization, query);
    const data = await bucketsOf(sandbox, 'agent', 'organization', RIGHT);
    const head = { organizationId: sandbox.tabnine.organization.id, ...RANGE };
    sandbox.tabnine.quirks.agentUsageEnvelope = 'data';
    expect(await read()).toEqual({ ...head, granularity: 'daily', data });
    sandbox.tabnine.quirks.agentUsageEnvelope = 'bare';
    expect(await read()).toEqual(data);
    expect(await bucketsOf(sandbox, 'v2', 'organization', RIGHT)).toHaveLength(7);
  });

  test('a feature may be missing in the licence', async () => {
    sandbox.tabnine.quirks.unavailable['/api/v1/organization/agent-usage'] = 'feature';
    expect(await answerOf(PATHS.agent.organization, {})).toEqual({
      status: 403,
      body: { error: 'FEATURE_NOT_AVAILABLE', message: expect.any(String) },
    });
    expect((await answerOf(PATHS.agent.team, asked(sandbox, 'team', RIGHT))).status).toBe(200);
  });
});
