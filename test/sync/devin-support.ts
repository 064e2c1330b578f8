/** What the tests of Devin's API compare, beside what those of `sync` have in common. */
import type { DevinOptions } from '../../src/vendors/devin/sandbox/vendor.ts';
import type { Sandbox } from '../sandbox/start.ts';
import type { RequestRecord, SandboxVendor } from '../../src/sandbox/vendor.ts';
import { type Home, homeFor, type Ran, type Report } from '../harness.ts';
import { type Clock, DAY, HOUR, stillSandbox } from './support.ts';

export const AUDIT = '/v3/enterprise/audit-logs';
export const WEEK = 7 * DAY;

/** A sandbox with a still clock. Its Devin history ends an hour before now, so that a sync reads all of it. */
export async function devinSandbox(
  devin: DevinOptions = {},
  at?: number,
): Promise<{ sandbox: Sandbox; clock: Clock }> {
  const now = at ?? Date.UTC(2026, 5, 15, 12);
  const small = { events: 0, days: 20, users: 6, organizations: 2, sessions: 4, until: now - HOUR };
  return await stillSandbox({ devin: { ...small, ...devin } }, now);
}

/** A home with Devin alone, and without a lake, which these tests do not look at. */
export async function devinHome(sandbox: Sandbox, more: object = {}): Promise<Home> {
  const home = await homeFor(sandbox, ['devin'], { streams: 'all' });
  const devin = { type: 'devin', ...more };
  await home.configure({ lake: false, sources: { devin } });
  return home;
}

/** Syncs single streams of the source `devin`. */
export async function syncDevin(
  home: Home,
  streams: readonly string[],
  code = 0,
  env: Record<string, string> = {},
): Promise<Report> {
  const names = streams.map((stream) => `devin/${stream}`);
  const ran: Ran = await home.run(['sync', ...names, '--json'], env);
  if (ran.code !== code) {
    throw new Error(`sync ended with ${ran.code}, not ${code}: ${ran.stdout}\n${ran.stderr}`);
  }
  return JSON.parse(ran.stdout) as Report;
}

export function devinIds({ devin }: Sandbox): string[] {
  return devin.events
    .all()
    .map((event) => event.audit_log_id)
    .toSorted();
}

export function devinRequests(sandbox: Sandbox, path: string | RegExp, since = 0): RequestRecord[] {
  return sandbox.devin.requests
    .slice(since)
    .filter((request) =>
      typeof path === 'string' ? request.path === path : path.test(request.path),
    );
}

/** So many events in one second. */
export function addTie({ devin }: Sandbox, at: number, count: number, name = 'tie'): void {
  for (let n = 0; n < count; n += 1) {
    const id = `audit_log-${name}-${n}`;
    devin.events.add({ audit_log_id: id, created_at: Math.floor(at / 1000), action: 'login' });
  }
}

/** Errors that say to come back much later: a run does not spend most of a minute on trying again. */
export function failForGood(
  vendor: Pick<SandboxVendor, 'faults' | 'failure'>,
  match?: (path: string) => boolean,
): void {
  const failure = vendor.failure.bind(vendor);
  vendor.failure = (status) => ({ ...failure(status), headers: { 'retry-after': '600' } });
  Object.assign(vendor.faults, { always: '500', match });
}

export const QUIET = { new_records: 0, changed_records: 0, absent_records: 0 };
