import { defineVendor } from '../../extract/define-vendor.ts';
import { auditLogs } from './audit-logs.ts';
import { diagnose } from './client.ts';
import { compareLogs, ORGANIZATION_LOG } from './compare-logs.ts';
import { consumption } from './consumption.ts';
import { directory } from './directory.ts';
import { identify, SELF } from './identity.ts';
import { metrics } from './metrics.ts';
import { OPTIONS } from './options.ts';
import { openSession } from './session.ts';
import { NOTE_TEXTS, PLAYBOOK_TEXTS, SCHEDULE_TEXTS, SECRET_TEXTS, written } from './written.ts';
import { searches, SEARCH_TEXTS } from './searches.ts';
import { sessions } from './sessions.ts';

/** A Devin enterprise, read with the key of a service user. */
export const devin = defineVendor({
  type: 'devin',
  title: 'Devin',
  product: { name: 'Devin', vendor: 'Cognition' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.devin.ai',
  variables: { token: 'DEVIN_TOKEN', baseUrl: 'DEVIN_BASE_URL' },
  token: {
    hint: 'make a service user of the enterprise in Devin’s settings and use its key, which begins with cog_',
    problem: (token) =>
      // Keys of the older API are told by their beginning.
      token.startsWith('apk_')
        ? {
            what: "is a key of Devin's API v1 or v2 (apk_…), which API v3 does not accept",
            hint: 'make a service user of the enterprise in Devin’s settings and use its key, which begins with cog_',
          }
        : null,
  },
  options: OPTIONS,
  reads: [
    { method: 'GET', path: SELF },
    { method: 'GET', path: ORGANIZATION_LOG },
  ],
  redactions: [NOTE_TEXTS, PLAYBOOK_TEXTS, SCHEDULE_TEXTS, SECRET_TEXTS, SEARCH_TEXTS],
  diagnose,
  session: openSession,
  identify,
  crossCheck: compareLogs,
  streams: [auditLogs, ...directory, ...written, sessions, searches, ...consumption, ...metrics],
  sandbox: async () => {
    const { DevinVendor } = await import('./sandbox/vendor.ts');
    return (options) => new DevinVendor(options);
  },
});
