/** A vendor that nobody has: it lives in the tests alone, and shows that a vendor is one folder. */
import { defineVendor } from '../../../src/extract/define-vendor.ts';
import { auditLogs, NOTES } from './audit-logs.ts';
import { diagnose } from './client.ts';
import { costs } from './costs.ts';
import { directory } from './directory.ts';
import { OPTIONS } from './options.ts';
import { ACCOUNT, identify, openSession } from './session.ts';

export const quill = defineVendor({
  type: 'quill',
  title: 'Quill Code',
  product: { name: 'Quill Code', vendor: 'Quill Works' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.quill.test',
  variables: { token: 'QUILL_ADMIN_KEY', baseUrl: 'QUILL_BASE_URL' },
  token: { hint: 'an owner makes an admin key under Workspace, Keys' },
  authorize: (token) => ({ 'x-quill-key': token }),
  pseudonyms: true,
  redactions: [NOTES],
  options: OPTIONS,
  reads: [{ method: 'GET', path: ACCOUNT }],
  diagnose,
  session: openSession,
  identify,
  streams: [auditLogs, ...directory, ...costs],
  sandbox: async () => {
    const { QuillVendor } = await import('./sandbox/vendor.ts');
    return (options) => new QuillVendor(options);
  },
});
