import { describe, expect, test } from 'vitest';
import type { Quirks } from '../../src/vendors/tabnine/sandbox/quirks.ts';
import { homeFor, streamOf } from '../harness.ts';
import { few } from '../long.ts';
import { SECOND, stillSandbox } from './support.ts';
import {
  configure,
  differences,
  NONE,
  requestsTo,
  servedFigures,
  storedFigures,
  syncOnly,
} from './usage-support.ts';

const AGENT = ['agent-usage-organization', 'agent-usage-team', 'agent-usage-user'];
const V1 = ['usage-v1-organization', 'usage-v1-team', 'usage-v1-user'];
const V2 = ['usage-organization', 'usage-team', 'usage-user', 'usage-models-organization'];
/** What is read next to what is lacking. */
const READ = ['audit-logs', 'users', 'teams', 'license'];
const agent = (manner: '404' | 'html' | 'feature'): Partial<Quirks> => ({
  unavailable: Object.fromEntries(
    ['organization', 'team', 'user'].map((scope) => [`/api/v1/${scope}/agent-usage`, manner]),
  ),
});

describe('what an installation lacks stops nothing else', () => {
  const cases = few<[string, Partial<Quirks>, string[], string]>(4, [
    ['a feature without licence', agent('feature'), AGENT, 'feature-not-licensed'],
    ['a web page in its place', agent('html'), AGENT, 'web-page'],
    [
      'an indexing service in trouble',
      { indexing: 'error' },
      ['repositories'],
      'indexing-not-configured',
    ],
    [
      'no usage v2, before the upgrade to 6.2',
      { unavailable: { '/api/v2/': '404' } },
      [...V2, ...V1],
      'not-found',
    ],
    [
      'no indexing service',
      { indexing: 'not-configured' },
      ['repositories'],
      'indexing-not-configured',
    ],
    ['an endpoint that is not there', agent('404'), AGENT, 'not-found'],
  ]);
  test.each(cases)('%s', async (_what, quirks, lacking, code) => {
    const { sandbox } = await stillSandbox({ users: 3, teams: 2 });
    Object.assign(sandbox.tabnine.quirks, quirks);
    const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
    await configure(home, sandbox, { start: '2026-06-12' });
    const { report } = await syncOnly(
      home,
      lacking.includes('usage-organization') ? [] : [...READ, ...lacking],
    );
    expect(report.outcome).toBe('complete');
    const found = report.streams.filter(({ outcome }) => outcome !== 'complete');
    expect(found.map(({ stream }) => stream).toSorted()).toEqual(lacking.toSorted());
    for (const { outcome, error } of found) {
      expect({ outcome, code: error?.code }).toEqual({ outcome: 'unavailable', code });
      expect(error?.message).not.toBe('');
      expect(error?.hint).not.toBe('');
    }
    if (lacking.includes('usage-organization')) {
      // Before 6.2 v1 still grows: it is read once, after its end.
      expect(requestsTo(sandbox, /^\/api\/v1\/\w+\/usage$/)).toEqual([]);
      expect(streamOf(report, 'usage-v1-organization').error?.message).toContain('/api/v2/');
    }
  });
});

test('a team that is deleted before it is asked about', async () => {
  const { sandbox } = await stillSandbox({ users: 4, teams: 4 });
  const { tabnine } = sandbox;
  const gone = tabnine.teams[2];
  tabnine.onRequest = ({ path }) => {
    const place = gone === undefined ? -1 : tabnine.teams.indexOf(gone);
    if (path === '/api/v2/organization/usage' && place >= 0) tabnine.teams.splice(place, 1);
  };
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  await configure(home, sandbox, { start: '2026-06-12' });
  const report = await home.sync();
  expect(report.streams.filter(({ outcome }) => outcome !== 'complete')).toEqual([]);
  expect(tabnine.teams).toHaveLength(3);
  const asked = requestsTo(sandbox, '/api/v2/team/usage');
  expect(asked.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(asked.filter(({ status }) => status === 404)).toHaveLength(1);
  const range = { from: Date.UTC(2026, 5, 12), to: Date.UTC(2026, 5, 16) };
  const served = servedFigures(sandbox, 'usage-v2', 'team', range);
  expect(served.length).toBeGreaterThan(100);
  expect(differences(await storedFigures(home, 'usage-v2', 'team'), served)).toEqual(NONE);
});

test('`check` says of every stream whether it can be read, and why not', async () => {
  const now = Math.floor(Date.now() / SECOND) * SECOND;
  const { sandbox } = await stillSandbox({ users: 6, teams: 2 }, now);
  Object.assign(sandbox.tabnine.quirks, { ...agent('feature'), indexing: 'not-configured' });
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  const json = await home.run(['check', '--json']);
  expect(json.code).toBe(0);
  type Endpoint = Record<'stream' | 'endpoint' | 'detail' | 'hint', string>;
  type Found = Endpoint & { available: boolean; since: string | null };
  const { endpoints } = JSON.parse(json.stdout) as { endpoints: Found[] };
  const lacking = endpoints.filter(({ available }) => !available);
  expect(lacking.map(({ stream }) => stream).toSorted()).toEqual([...AGENT, 'repositories']);
  for (const { detail, hint } of lacking) {
    expect(detail).toMatch(/status (403|500)/);
    expect(hint).toMatch(/nothing else depends on it/);
  }
  const since = Object.fromEntries(endpoints.map((found) => [found.stream, found.since]));
  expect(since).toMatchObject({
    'audit-logs': '5.25.0',
    'usage-v1-user': '5.18.0',
    'usage-user': '6.2',
    'usage-models-organization': '6.2',
    repositories: '5.27.0',
    invitations: '6.0.0',
    license: null,
  });
  const text = await home.run(['check']);
  for (const { stream, available, endpoint } of endpoints) {
    expect(text.stdout).toContain(`tabnine/${stream}`);
    // The screen names the address of what cannot be read; all of them have no room there.
    const path = new RegExp(endpoint.replace(/\{[^}]*\}/g, '[^/\\s]+'));
    if (!available) expect(text.stdout).toMatch(path);
  }
});
