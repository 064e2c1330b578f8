import { defineVendor } from '../../extract/define-vendor.ts';
import { aiCode } from './ai-code.ts';
import { analytics } from './analytics.ts';
import { auditLogs } from './audit-logs.ts';
import { bugbot } from './bugbot.ts';
import { authorize, diagnose } from './client.ts';
import { dailyUsage } from './daily-usage.ts';
import { directory } from './directory.ts';
import { AUDIT_TEXTS, CODE_TEXTS } from './hidden.ts';
import { LEVELS } from './level.ts';
import { OPTIONS } from './options.ts';
import { MINUTE } from '../../platform/time.ts';
import { identify, openSession } from './session.ts';
import { spend } from './spend.ts';
import { usageEvents } from './usage-events.ts';

/** Cursor for teams and organizations, read with a key that an administrator makes. */
export const cursor = defineVendor({
  type: 'cursor',
  title: 'Cursor',
  product: { name: 'Cursor', vendor: 'Anysphere' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.cursor.com',
  variables: { token: 'CURSOR_TOKEN', baseUrl: 'CURSOR_BASE_URL' },
  token: {
    hint: 'a team administrator makes one under Dashboard, Settings, Advanced, Admin API Keys',
  },
  authorize,
  // Of most endpoints, per team and minute of the clock; every tool of the team shares it.
  quota: { requests: 20, period: MINUTE, together: ['/analytics/by-user/', '/analytics/team/'] },
  redactions: [AUDIT_TEXTS, CODE_TEXTS],
  options: OPTIONS,
  reads: Object.values(LEVELS).flatMap(({ probes }) =>
    probes.map((path) => ({ method: 'GET', path })),
  ),
  diagnose,
  session: openSession,
  identify,
  streams: [
    auditLogs,
    ...directory,
    ...spend,
    ...dailyUsage,
    ...usageEvents,
    ...aiCode,
    bugbot,
    ...analytics,
  ],
  sandbox: async () => {
    const { CursorVendor } = await import('./sandbox/vendor.ts');
    return (options) => new CursorVendor(options);
  },
});
