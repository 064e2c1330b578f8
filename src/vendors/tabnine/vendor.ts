import { defineVendor } from '../../extract/define-vendor.ts';
import { auditLogs } from './audit-logs.ts';
import { diagnose } from './client.ts';
import { directory } from './directory.ts';
import { inventory } from './inventory.ts';
import { OPTIONS, optionsProblem } from './options.ts';
import { identify, openSession, ORGANIZATION } from './session.ts';
import { usage } from './usage.ts';
import { utilization } from './utilization.ts';

/** Tabnine Enterprise, public or in a private installation, read with the token of an Admin. */
export const tabnine = defineVendor({
  type: 'tabnine',
  title: 'Tabnine',
  product: { name: 'Tabnine', vendor: 'Tabnine' },
  folder: new URL('.', import.meta.url),
  host: 'https://console.tabnine.com',
  variables: { token: 'TABNINE_TOKEN', baseUrl: 'TABNINE_BASE_URL' },
  token: {
    hint: 'an Admin makes one in the console under Settings, Access Tokens',
  },
  pseudonyms: true,
  options: OPTIONS,
  problem: optionsProblem,
  reads: [{ method: 'GET', path: ORGANIZATION }],
  diagnose,
  session: openSession,
  identify,
  streams: [...directory, auditLogs, ...inventory, ...utilization, ...usage],
  sandbox: async () => {
    const { TabnineVendor } = await import('./sandbox/vendor.ts');
    return (options) => new TabnineVendor(options);
  },
});
