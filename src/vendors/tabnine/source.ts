import { createHmac } from 'node:crypto';
import type { Quirk, SourceReader } from '../../model.ts';
import { type ClientOptions, SourceClient } from '../../extract/client.ts';
import { auditLog } from './audit-log.ts';
import { diagnose } from './diagnose.ts';
import { directory, fetchOrganization, rosters } from './directory.ts';
import { inventory } from './inventory.ts';
import { usage } from './usage.ts';
import type { Scope } from './usage-parts.ts';
import { utilization } from './utilization.ts';

export type TabnineOptions = Omit<ClientOptions, 'diagnose'> & {
  usageScopes: readonly Scope[];
  modelScopes: readonly Scope[];
  /** Whether to ask for the teams open to each user: one request per user and run. */
  allowedTeams: boolean;
  /** With it, users appear in usage under a pseudonym only. */
  pseudonymKey: string | null;
};

/** A Tabnine Enterprise account, public or in a private installation. Nothing is sent before `identify`. */
export function tabnine(source: string, options: TabnineOptions): SourceReader {
  const client = new SourceClient({ ...options, diagnose });
  const quirks = new Map<string, Quirk>();
  const met = (quirk: Quirk): void => {
    quirks.set(`${quirk.code} ${quirk.what}`, quirk);
  };
  let first: ReturnType<typeof fetchOrganization> | null = null;
  const organization = (): ReturnType<typeof fetchOrganization> =>
    (first ??= fetchOrganization(client));
  let organizationId = '';
  const idOf = (): string => organizationId;
  const { usageScopes: scopes, modelScopes, pseudonymKey } = options;
  const width = options.concurrency * 2;
  const lists = rosters(client, organization, met);
  const nameOfUser = (id: string): string =>
    pseudonymKey === null ? id : pseudonym(pseudonymKey, id);
  return {
    source,
    vendor: 'tabnine',
    async identify() {
      const { value, vendorNow } = await organization();
      organizationId = value.id;
      return { organizationId, vendorNow };
    },
    // The evidence first: what takes long comes last.
    streams: [
      ...directory(client, width, organization, lists, met),
      auditLog(client, options.concurrency === 1 ? 1 : options.concurrency + 2, idOf, met),
      ...inventory(client, width, lists, options, met),
      ...utilization(client, width, lists, met),
      ...usage(client, idOf, lists, { scopes, modelScopes, nameOfUser, width }, met),
    ],
    observed: () => ({ requests: client.requests, quirks: [...quirks.values()] }),
    close: () => options.transport.close(),
  };
}

/** The same for the same id and key, so that figures of one user stay together; without the key nobody can tell whose they are. */
function pseudonym(key: string, id: string): string {
  const hmac = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  // The key's own mark in front: names of two keys are told apart.
  return `anon-${hmac('').slice(0, 6)}-${hmac(id).slice(0, 32)}`;
}
