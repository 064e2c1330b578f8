import { onTestFinished } from 'vitest';
import { runDocument } from '../../../src/documents/run.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { type GithubOptions, GithubVendor } from '../../../src/vendors/github/sandbox/vendor.ts';
import { type Home, homeFor, type Report } from '../../harness.ts';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
/** A Monday at noon. */
export const NOW = Date.UTC(2026, 5, 15, 12);

export type Github = {
  vendor: GithubVendor;
  home: Home;
  /** The vendor's clock and ours. */
  clock: { now: number };
  sync: (code?: number, streams?: readonly string[]) => Promise<Report>;
};

/** A sandbox of GitHub on loopback, and a home that reads it. */
export async function githubHome(
  options: GithubOptions = {},
  { lake = false, env = {} }: { lake?: boolean; env?: Record<string, string> } = {},
): Promise<Github> {
  const clock = { now: NOW };
  const small = { events: 0, days: 20, users: 6, teams: 2, until: NOW - HOUR };
  const vendor = new GithubVendor({ ...small, ...options, now: () => clock.now });
  const served = await startSandbox({ vendors: { github: vendor } });
  onTestFinished(() => served.close());
  const home = await homeFor(null, [], { lake });
  const { url, token } = served.vendors.github;
  const own = { GITHUB_BASE_URL: url, GITHUB_AUDIT_TOKEN: token, ...vendor.variables, ...env };
  Object.assign(home.env, own);
  const sync: Github['sync'] = async (code = 0, streams = []) => {
    const names = streams.map((stream) => `github/${stream}`);
    const ran = await home.run(['sync', '--json', ...names], {}, { now: () => clock.now });
    if (ran.code !== code) {
      throw new Error(`sync ended with ${ran.code}, not ${code}: ${ran.stdout}\n${ran.stderr}`);
    }
    return runDocument.parse(JSON.parse(ran.stdout));
  };
  return { vendor, home, clock, sync };
}
