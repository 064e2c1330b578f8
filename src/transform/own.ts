import { FINDINGS, OWN_SOURCE } from '../model.ts';
import type { MappedVendor } from './mapped-vendor.ts';

/** What auditlake itself archives is mapped like what a vendor tells. */
export const OWN: MappedVendor = {
  type: OWN_SOURCE,
  product: { name: 'auditlake', vendor: 'auditlake' },
  folder: new URL('./', import.meta.url),
  streams: [{ name: FINDINGS, kind: 'snapshot', maps: { finding: 'findings.sql' } }],
};
