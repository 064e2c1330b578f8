import { expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { TabnineVendor } from '../../src/vendors/tabnine/sandbox/vendor.ts';
import { homeFor, IMPATIENT, type Report } from '../harness.ts';
import { few } from '../long.ts';
import { AUDIT_LOGS, eventIds, SECOND, stillSandbox, vendorIds } from './support.ts';

const TEAMS = '/api/v1/organization/teams';
const now = Math.floor(Date.now() / SECOND) * SECOND;

const KINDS: FaultKind[] = [
  '429-retry-after-date',
  'json-cut',
  'stall',
  '429',
  '429-retry-after',
  '500',
  'html-502',
  'html-200',
  'reset',
  'cut',
  'stall-headers',
];

const STREAMS = ['organization', 'teams', 'users', 'team-members', 'audit-logs'].map(
  (stream) => `tabnine/${stream}`,
);

/** A sync of a small installation in which something is wrong: its exit code, and what it has then. */
async function syncWith(prepare: (vendor: TabnineVendor) => void, args: string[] = STREAMS) {
  const { sandbox } = await stillSandbox({ events: 100, users: 3 }, now);
  sandbox.tabnine.quirks.pageCap = 10;
  prepare(sandbox.tabnine);
  const home = await homeFor(sandbox);
  const { code, stdout, stderr } = await home.run(
    ['sync', '--json', ...args],
    // For requests that stall.
    { AUDITLAKE_TIMEOUT: '1s' },
    { registry: IMPATIENT },
  );
  if (stdout === '') throw new Error(`sync ended with ${code} and no report: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  const faults = sandbox.tabnine.requests.filter((request) => request.fault !== undefined).length;
  const outcomes = Object.fromEntries(report.streams.map((s) => [s.stream, s.outcome]));
  const error = report.streams.find((entry) => entry.stream === 'audit-logs')?.error;
  return { code, faults, outcomes, error, sandbox, home };
}

const complete = {
  organization: 'complete',
  teams: 'complete',
  users: 'complete',
  'team-members': 'complete',
  'audit-logs': 'complete',
};

/** What comes of trouble that ends soon: exactly what a run without trouble brings. */
async function passing(kinds: FaultKind[], rate: number, seed: number) {
  const { code, outcomes, faults, sandbox, home } = await syncWith((vendor) => {
    Object.assign(vendor.faults, { kinds, rate, seed });
    // A low rate may spare a short run: the first request fails in any case.
    vendor.faults.next = kinds.slice(0, 1);
  });
  const isExact = (await eventIds(home)).join() === vendorIds(sandbox).join();
  return { code, outcomes, isExact, hadFaults: faults > 0 };
}

test('what may pass by itself is tried again', async () => {
  const lasting = Promise.all([
    syncWith(({ faults }) => {
      faults.always = '500';
      faults.match = (path) => path === AUDIT_LOGS;
    }),
    syncWith(({ faults }) => {
      faults.always = 'html-200';
    }),
    syncWith(
      ({ quirks }) => {
        quirks.unavailable[TEAMS] = 'html';
      },
      ['tabnine/teams', 'tabnine/audit-logs'],
    ),
  ] as const);
  const mixes: Record<string, Promise<unknown>> = { all: passing(KINDS, 0.2, 1) };
  for (const [place, kind] of few(1, KINDS).entries()) mixes[kind] = passing([kind], 0.05, place);

  const ended = await Promise.all(
    Object.entries(mixes).map(async ([name, mix]) => [name, await mix] as const),
  );
  const [broken, pages, teamsPage] = await lasting;
  const fine = { code: 0, outcomes: complete, isExact: true, hadFaults: true };
  expect(Object.fromEntries(ended)).toEqual(
    Object.fromEntries(ended.map(([name]) => [name, fine])),
  );

  // The log is down; the directory is not.
  expect(broken).toMatchObject({ code: 3, outcomes: { ...complete, 'audit-logs': 'incomplete' } });
  expect(broken.error).toMatchObject({ code: 'vendor-error' });
  expect(broken.error?.message).toMatch(/audit-logs.*status 500/);
  expect(broken.error?.hint).not.toBe('');

  // Everything answers with a page: the source is down, not gone.
  expect(pages.code).toBe(3);
  expect(pages.error?.message).toContain('web page');

  // One endpoint does: it is not there, and nobody needs it.
  expect(teamsPage).toMatchObject({
    code: 0,
    outcomes: { teams: 'unavailable', 'audit-logs': 'complete' },
  });
});

test('what will not pass by itself is told at once', async () => {
  const [teamsMissing, refused, notAdmin, logMissing] = await Promise.all([
    syncWith(({ quirks }) => {
      quirks.unavailable[TEAMS] = '404';
    }),
    syncWith((vendor) => {
      vendor.tokenRefused = true;
    }),
    syncWith(({ quirks }) => {
      quirks.adminToken = false;
    }),
    syncWith(({ quirks }) => {
      quirks.unavailable[AUDIT_LOGS] = '404';
    }),
  ] as const);

  expect(teamsMissing).toMatchObject({
    code: 0,
    outcomes: { ...complete, teams: 'unavailable', 'team-members': 'unavailable' },
  });
  expect(refused.code).toBe(4);
  expect(refused.error).toMatchObject({ code: 'token-refused' });
  expect(refused.sandbox.tabnine.requests).toHaveLength(1);
  expect(notAdmin).toMatchObject({ code: 4, outcomes: { 'audit-logs': 'failed' } });
  expect(notAdmin.error).toMatchObject({ code: 'forbidden' });
  expect(logMissing).toMatchObject({ code: 4, outcomes: { ...complete, 'audit-logs': 'failed' } });
  expect(logMissing.error).toMatchObject({ code: 'not-found' });
});
