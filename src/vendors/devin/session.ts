import type { Connection } from '../../extract/declaration.ts';
import { SharedList } from '../../extract/shared-list.ts';
import { ENTERPRISE, readList } from './client.ts';
import type { Options } from './options.ts';

export const ORGANIZATIONS = `${ENTERPRISE}/organizations`;
export const GIT_CONNECTIONS = `${ENTERPRISE}/git-providers/connections`;
export const MEMBERS = `${ENTERPRISE}/members`;

/** Permissions by what they open, as the vendor names them. */
export const PERMISSION = {
  settings: 'ManageEnterpriseSettings',
  organizations: 'ManageOrganizations',
  members: 'ManageAccountMembership (ViewAccountMembership may do for reading)',
  git: 'ManageGitIntegrations',
  infrastructure: 'ViewEnterpriseInfraDetails',
  sessions: 'ViewAccountSessions',
  notes: 'ManageAccountKnowledge',
  playbooks: 'ManageAccountPlaybooks',
  schedules: 'ManageOrgSchedules',
  secrets: 'ManageOrgSecrets',
  /** The vendor renamed it; the service user may have either. */
  consumption: 'ViewAccountConsumption (formerly ManageBilling)',
  metrics: 'ViewAccountMetrics',
  searches: 'ViewAccountSearches',
} as const;

/** What the streams of one account share. */
export type Session = Pick<Connection<Options>, 'client' | 'options' | 'now' | 'quirk'> & {
  /** Results of a fan-out that are under way or wait for their turn. */
  width: number;
  organizations: SharedList;
  gitConnections: SharedList;
  /** The same list, read again after one of its organizations was refused. */
  organizationsLeft: SharedList;
  users: SharedList;
  /** Who belongs through a group of the identity provider only is in no other list. */
  idpUsers: SharedList;
  serviceUsers: SharedList;
};

export function openSession(connection: Connection<Options>): Session {
  const { client, options, concurrency, now, quirk } = connection;
  const list = (path: string, id: string, query = {}): SharedList =>
    new SharedList(() => readList(client, path, id, query));
  return {
    client,
    options,
    now,
    quirk,
    width: concurrency * 2,
    organizations: list(ORGANIZATIONS, 'org_id'),
    organizationsLeft: list(ORGANIZATIONS, 'org_id'),
    gitConnections: list(GIT_CONNECTIONS, 'git_connection_id'),
    users: list(`${MEMBERS}/users`, 'user_id'),
    idpUsers: list(`${MEMBERS}/idp-users`, 'user_id'),
    serviceUsers: list(`${MEMBERS}/service-users`, 'service_user_id', { include_inactive: 'true' }),
  };
}

/** An organization that was deleted after it was listed is refused as if a permission were missing: the list tells. */
export function deletedIn({ organizationsLeft }: Session): (id: string) => Promise<boolean> {
  return async (id) => !(await organizationsLeft.ids()).includes(id);
}
