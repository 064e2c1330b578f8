import type { Quirk, SourceReader } from '../../model.ts';
import { type ClientOptions, SourceClient } from '../client.ts';
import { auditLog } from './audit-log.ts';
import { diagnose } from './diagnose.ts';
import { directory, fetchOrganization } from './directory.ts';

/** A Tabnine Enterprise account, public or in a private installation. Nothing is sent before `identify`. */
export function tabnine(source: string, options: Omit<ClientOptions, 'diagnose'>): SourceReader {
  const client = new SourceClient({ ...options, diagnose });
  const quirks = new Map<string, Quirk>();
  let first: ReturnType<typeof fetchOrganization> | null = null;
  const organization = (): ReturnType<typeof fetchOrganization> =>
    (first ??= fetchOrganization(client));
  let organizationId = '';
  return {
    source,
    vendor: 'tabnine',
    async identify() {
      const { value, vendorNow } = await organization();
      organizationId = value.id;
      return { organizationId, vendorNow };
    },
    streams: [
      ...directory(client, organization),
      auditLog(
        client,
        () => organizationId,
        (quirk) => quirks.set(quirk.code, quirk),
      ),
    ],
    observed: () => ({ requests: client.requests, quirks: [...quirks.values()] }),
    close: () => options.transport.close(),
  };
}
