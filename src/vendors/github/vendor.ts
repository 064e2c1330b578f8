import { HOUR } from '../../platform/time.ts';
import { defineVendor } from '../../extract/define-vendor.ts';
import { AGENT_CONFIGURATION_TEXTS, agents, TASK_TEXTS } from './agents.ts';
import { auditLogs, usageRecords } from './audit-logs.ts';
import { billing } from './billing.ts';
import { copilot } from './copilot.ts';
import { diagnose } from './diagnose.ts';
import { directory, TOKEN_ENDS } from './directory.ts';
import { identify, RATE_LIMIT } from './identity.ts';
import { OPTIONS, problem } from './options.ts';
import { reports } from './reports.ts';
import { scimUsers } from './scim.ts';
import { openSession, eitherRead } from './session.ts';

const HINT =
  'an owner makes a classic token with read:audit_log, read:org and manage_billing:copilot in the settings of the account, under Developer settings';

/** A GitHub enterprise or organization with Copilot, read with the token of an owner. */
export const github = defineVendor({
  type: 'github',
  title: 'GitHub Copilot',
  product: { name: 'GitHub', vendor: 'GitHub' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.github.com',
  variables: { token: 'GITHUB_AUDIT_TOKEN', baseUrl: 'GITHUB_BASE_URL' },
  token: { hint: HINT },
  options: OPTIONS,
  problem,
  reads: [{ method: 'GET', path: RATE_LIMIT }],
  // 1,750 an hour of one user at one address, with whatever else asks.
  budgets: [
    { paths: eitherRead('/audit-log').reads.map(({ path }) => path), requests: 1_700, per: HOUR },
  ],
  diagnose,
  redactions: [TASK_TEXTS, AGENT_CONFIGURATION_TEXTS, TOKEN_ENDS],
  session: openSession,
  identify,
  streams: [
    ...auditLogs,
    ...copilot,
    ...directory,
    ...scimUsers,
    ...reports,
    ...billing,
    ...agents,
    usageRecords,
  ],
  sandbox: async () => {
    const { GithubVendor } = await import('./sandbox/vendor.ts');
    return (options) => new GithubVendor(options);
  },
});
