import { defineVendor } from '../../extract/define-vendor.ts';
import { analytics } from './analytics.ts';
import { auditLogs } from './audit-logs.ts';
import { authorize, diagnose } from './client.ts';
import { directory } from './directory.ts';
import { EXTERNAL_KEY_TEXTS, externalKeys } from './external-keys.ts';
import { identify, LINKED, ME } from './identity.ts';
import { OPTIONS } from './options.ts';
import { openSession } from './session.ts';
import { spendLimits } from './spend-limits.ts';
import { usage } from './usage.ts';

/** An organization of the Claude Console or of Claude Enterprise, read with a key that only reads. */
export const anthropic = defineVendor({
  type: 'anthropic',
  title: 'Anthropic',
  product: { name: 'Claude', vendor: 'Anthropic' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.anthropic.com',
  variables: { token: 'ANTHROPIC_TOKEN', baseUrl: 'ANTHROPIC_BASE_URL' },
  token: {
    hint: 'an Admin key of the Claude Console (sk-ant-admin01-…), or a scoped key of Claude Enterprise with read:org_audit; keys for models (sk-ant-api03-…) open none of this',
  },
  authorize,
  options: OPTIONS,
  reads: [
    { method: 'GET', path: ME },
    { method: 'GET', path: LINKED },
  ],
  diagnose,
  redactions: [EXTERNAL_KEY_TEXTS],
  session: openSession,
  identify,
  streams: [auditLogs, ...directory, externalKeys, spendLimits, ...usage, ...analytics],
  sandbox: async () => {
    const { AnthropicVendor } = await import('./sandbox/vendor.ts');
    return (options) => new AnthropicVendor(options);
  },
});
