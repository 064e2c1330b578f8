import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Permission } from '../../src/vendors/devin/sandbox/permissions.ts';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, homeFor, streamOf } from '../harness.ts';
import { few } from '../long.ts';
import {
  AUDIT,
  devinHome,
  devinRequests,
  devinSandbox,
  failForGood,
  syncDevin,
} from './devin-support.ts';
import { HOUR, MINUTE, SECOND } from './support.ts';

const now = Math.floor(Date.now() / SECOND) * SECOND;
const LISTED = [
  'tags',
  'git-permissions',
  'consumption-organization',
  'knowledge-notes',
  'playbooks',
  'schedules',
  'secrets',
];
const CONSUMPTION = ['enterprise', 'organization', 'user', 'service-user'].map(
  (scope) => `consumption-${scope}`,
);
const METRICS = 'dau wau mau active-users sessions sessions-by-category prs searches usage'
  .split(' ')
  .map((name) => `metrics-${name}`);

type Endpoint = { stream: string; available: boolean; needs: string | null; hint: string };
type Checked = {
  findings: { subject: string; detail: string }[];
  endpoints: Endpoint[];
};

async function check(home: Home, code: number): Promise<Checked> {
  const ran = await home.run(['check', '--json']);
  expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code });
  return JSON.parse(ran.stdout) as Checked;
}

/** A home that reads the last days only. */
async function recentHome(sandbox: Sandbox): Promise<Home> {
  return await devinHome(sandbox, { start: new Date(now - 72 * HOUR).toISOString() });
}

describe('a permission that is missing', () => {
  const billing = [...CONSUMPTION, 'acu-limits', 'consumption-cycles'];
  const cases: [Permission, Permission, string[]][] = [
    ['ManageBilling', 'ManageBilling', billing],
    [
      'ManageOrganizations',
      'ManageOrganizations',
      ['organizations', 'org-group-limits', ...LISTED],
    ],
    ['ViewAccountSessions', 'ViewAccountSessions', ['sessions']],
    ['ViewAccountMetrics', 'ViewAccountMetrics', [...METRICS, 'queue']],
    [
      'ManageGitIntegrations',
      'ManageGitIntegrations',
      ['git-connections', 'git-permissions', 'git-repositories'],
    ],
    [
      'ManageAccountKnowledge',
      'ManageAccountKnowledge',
      ['knowledge-notes', 'enterprise-knowledge-notes'],
    ],
    ['ManageAccountPlaybooks', 'ManageAccountPlaybooks', ['playbooks', 'enterprise-playbooks']],
    ['ManageOrgSchedules', 'ManageOrgSchedules', ['schedules']],
    ['ManageOrgSecrets', 'ManageOrgSecrets', ['secrets']],
    ['ViewEnterpriseInfraDetails', 'ViewEnterpriseInfraDetails', ['hypervisors']],
    [
      'ManageAccountMembership',
      'ManageAccountMembership',
      [
        'users',
        'idp-users',
        'service-users',
        'idp-groups',
        'registered-idp-groups',
        'roles',
        'consumption-user',
        'consumption-service-user',
      ],
    ],
    ['ViewAccountConsumption', 'ViewAccountConsumption', billing],
  ];
  test.each(few(2, cases))('%s', async (lacking, named, streams) => {
    const { sandbox } = await devinSandbox({ events: 50, days: 5 }, now);
    const { devin } = sandbox;
    devin.permissions.delete(lacking);
    if (lacking === 'ManageBilling') devin.quirks.billingPermission = 'ManageBilling';
    const home = await recentHome(sandbox);
    const unavailable = (await check(home, 0)).endpoints.filter(({ available }) => !available);
    expect(unavailable.map(({ stream }) => stream).toSorted()).toEqual(streams.toSorted());
    for (const { needs, hint } of unavailable) {
      expect(needs).toContain(named);
      expect(hint).toContain(named);
    }
    const report = await syncDevin(home, ['audit-logs', ...streams]);
    expect(report.outcome).toBe('complete');
    const found = report.streams.filter(({ outcome }) => outcome !== 'complete');
    expect(found.map(({ stream }) => stream).toSorted()).toEqual(streams.toSorted());
    for (const { outcome, error } of found) {
      expect(outcome).toBe('unavailable');
      expect(error?.hint).toContain(named);
    }
  });

  test('for the audit log: a person must act, and everything else is complete', async () => {
    const { sandbox } = await devinSandbox({ events: 50, days: 5 }, now);
    sandbox.devin.permissions.delete('ManageEnterpriseSettings');
    const home = await recentHome(sandbox);
    const lacking = ['audit-logs', 'tags', 'ip-access-list'];
    const { endpoints } = await check(home, 4);
    const unavailable = endpoints.filter(({ available }) => !available);
    expect(unavailable.map(({ stream }) => stream)).toEqual(lacking);
    const report = await home.sync(4);
    const { outcome, error } = streamOf(report, 'audit-logs');
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'failed', code: 'forbidden' });
    expect(error?.hint).toContain('ManageEnterpriseSettings');
    expect(
      report.streams.filter((entry) => entry.outcome !== 'complete').map(({ stream }) => stream),
    ).toEqual(lacking);
    const asked = devinRequests(sandbox, AUDIT).filter(({ status }) => status === 403);
    // Once by `check`, once to compare there, once by `sync`: what is refused is not tried again.
    expect(asked.length).toBeLessThanOrEqual(3);
  });
});

test('a key of the older API is refused with the one that is needed', async () => {
  const { sandbox } = await devinSandbox();
  const home = await homeFor(sandbox, ['devin'], { streams: 'all' });
  for (const verb of ['sync', 'check']) {
    const ran = await home.run([verb, '--json'], { DEVIN_TOKEN: 'apk_user_0123456789' });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/service user.*cog_/);
    expect(ran.stdout + ran.stderr).not.toContain('0123456789');
  }
  expect(sandbox.devin.requests).toEqual([]);
});

test('a token that is refused: a person must act, after one request', async () => {
  const { sandbox } = await devinSandbox();
  sandbox.devin.tokenRefused = true;
  const home = await devinHome(sandbox);
  const report = await home.sync(4);
  expect(new Set(report.streams.map(({ error }) => error?.code))).toEqual(
    new Set(['token-refused']),
  );
  expect(sandbox.devin.requests).toHaveLength(1);
});

test('an account is not taken for another while its organizations cannot be listed', async () => {
  const { sandbox, clock } = await devinSandbox({ events: 50, days: 5 });
  const home = await devinHome(sandbox);
  await syncDevin(home, ['audit-logs']);
  clock.at += MINUTE;
  // Forbidden from now on: the account is the remembered one.
  sandbox.devin.permissions.delete('ManageOrganizations');
  await syncDevin(home, ['audit-logs']);
  sandbox.devin.permissions.add('ManageOrganizations');
  failForGood(sandbox.devin, (path) => path.endsWith('/organizations'));
  const { outcome, error } = streamOf(await syncDevin(home, ['audit-logs'], 3), 'audit-logs');
  expect({ outcome, code: error?.code }).toEqual({ outcome: 'incomplete', code: 'vendor-error' });
  expect(error?.message).not.toContain('another organization');
  sandbox.devin.faults.always = null;
  await syncDevin(home, ['audit-logs']);
});

describe('check compares the log of one organization with the enterprise’s', () => {
  const logs = few<['empty' | 'right', boolean]>(1, [
    ['empty', true],
    ['right', false],
  ]);
  test.each(logs)('its own is %s', async (orgLog, isMet) => {
    const { sandbox } = await devinSandbox({ events: 300, days: 60 }, now);
    const { devin } = sandbox;
    devin.quirks.orgLog = orgLog;
    // The first event is of an organization that is deleted by now.
    const org_id = devin.deletedOrganizations[0]?.org_id ?? '';
    const created_at = now / 1000 - 70 * 86_400;
    devin.events.add({ audit_log_id: 'audit_log-first', created_at, org_id, action: 'update_org' });
    const home = await devinHome(sandbox);
    const { findings, endpoints } = await check(home, 0);
    const met = findings.filter(({ subject }) => subject === 'devin: met');
    expect(met.some(({ detail }) => detail.startsWith('organization-log-empty'))).toBe(isMet);
    expect(endpoints.filter(({ available }) => !available)).toEqual([]);
    await expect(readdir(home.folder)).rejects.toThrow('ENOENT');
  });
});
