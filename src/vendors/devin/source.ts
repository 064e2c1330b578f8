import { VendorError } from '../../errors.ts';
import type { Quirk, SourceReader } from '../../model.ts';
import { type ClientOptions, SourceClient } from '../../extract/client.ts';
import { auditLog, compareOrganizationLog } from './audit-log.ts';
import { consumption, type ConsumptionScope } from './consumption.ts';
import { diagnose } from './diagnose.ts';
import { directory, rosters } from './directory.ts';
import { metrics } from './metrics.ts';
import { hadSessionsOf, sessions } from './sessions.ts';

/** Stands in no id of either. */
const SEPARATOR = ' ';

export type DevinOptions = Omit<ClientOptions, 'diagnose'> & {
  usageScopes: readonly ('organization' | 'team' | 'user')[];
};

/** A Devin enterprise, read with the key of a service user. Nothing is sent before `identify`. */
export function devin(source: string, options: DevinOptions): SourceReader {
  const client = new SourceClient({ ...options, diagnose });
  const quirks = new Map<string, Quirk>();
  const met = (quirk: Quirk): void => {
    quirks.set(`${quirk.code} ${quirk.what}`, quirk);
  };
  const width = options.concurrency * 2;
  const who = rosters(client);
  // There are no teams; figures of service users are nobody's personal ones.
  const scopes: ConsumptionScope[] = [
    'enterprise',
    ...(options.usageScopes.includes('organization') ? (['organization'] as const) : []),
    ...(options.usageScopes.includes('user') ? (['user', 'service-user'] as const) : []),
  ];
  return {
    source,
    vendor: 'devin',
    async identify(known) {
      const self = await client.get('/v3/self', {}, (body) => {
        const fields = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
        const id = fields['org_id'] ?? fields['service_user_id'] ?? fields['user_id'];
        return { id: typeof id === 'string' ? id : '' };
      });
      const organizationId = await account(known, self.value.id);
      return { organizationId, vendorNow: self.vendorNow };
    },
    // The evidence first: what takes long comes last.
    streams: [
      auditLog(client, met),
      ...directory(client, width, who, met),
      sessions(client),
      ...consumption(client, width, who, scopes, met),
      ...metrics(client, width, met),
    ],
    observed: () => ({ requests: client.requests, quirks: [...quirks.values()] }),
    async crossCheck() {
      try {
        const listed = await who.organizations.ids();
        await compareOrganizationLog(client, options.now(), listed, met);
      } catch (error) {
        // That the log or the list may not be read is said where they are looked at themselves.
        if (!(error instanceof VendorError && error.fault === 'forbidden')) throw error;
      }
    },
    close: () => options.transport.close(),
  };

  /**
   * The API names no enterprise. It is known again by one of its organizations, the first by id when it was met, or by
   * the key's owner: organizations are deleted and service users replaced, though hardly both at once. An organization
   * that was deleted still has its sessions.
   */
  async function account(known: string | null, owner: string): Promise<string> {
    const organizations = await organizationIds();
    const [organization = '', formerOwner = ''] = known?.split(SEPARATOR) ?? [];
    if (known !== null) {
      const isSameOwner = owner !== '' && formerOwner === owner;
      if (organizations.includes(organization) || isSameOwner) return known;
      if (organization !== '' && (await hadSessionsOf(client, organization))) return known;
    }
    return `${organizations.toSorted()[0] ?? ''}${SEPARATOR}${owner}`;
  }

  async function organizationIds(): Promise<string[]> {
    try {
      return await who.organizations.ids();
    } catch (error) {
      const mayNot = error instanceof VendorError && error.fault === 'forbidden';
      if (!mayNot) throw error;
      return [];
    }
  }
}
