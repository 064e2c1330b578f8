import type { Connection } from '../../extract/declaration.ts';
import { SharedList } from '../../extract/shared-list.ts';
import type { SourceRecord } from '../../model.ts';
import { BY_ID, BY_TOKEN, ORGANIZATION, PAGE_SIZE, readList } from './client.ts';
import { Owners } from './owners.ts';
import type { Options } from './options.ts';

export const USERS = `${ORGANIZATION}/users`;
export const WORKSPACES = `${ORGANIZATION}/workspaces`;
export const API_KEYS = `${ORGANIZATION}/api_keys`;
export const GROUPS = `${ORGANIZATION}/rbac_groups`;
export const ROLES = `${ORGANIZATION}/rbac_roles`;

/** What opens an endpoint, in the vendor's words. */
export const KEY = {
  admin: 'an Admin key (sk-ant-admin01-…) of the Claude Console',
  members: 'an Admin key, or a scoped key with read:org_audit or read:members',
  groups: 'a scoped key of Claude Enterprise with read:org_audit or read:rbac_groups',
  spend: 'a scoped key of Claude Enterprise with read:spend_limits',
  analytics: 'a scoped key of Claude Enterprise with read:analytics',
  activities:
    'a scoped key with read:org_audit or read:compliance_activities, or an Admin key that was made after the Compliance API had been switched on (an older one never opens it: make a new one)',
  settings: 'a scoped key of Claude Enterprise with read:org_audit or read:compliance_org_data',
} as const;

/** What the streams of one account share. */
export type Session = Pick<Connection<Options>, 'client' | 'options' | 'now' | 'quirk'> & {
  /** Results of a fan-out that are under way or wait for their turn. */
  width: number;
  users: SharedList;
  workspaces: SharedList;
  apiKeys: SharedList;
  groups: SharedList;
  roles: SharedList;
  /** Ids by what reports of figures name people and keys by. */
  owners: Owners;
};

export function openSession(connection: Connection<Options>): Session {
  const { client, options, concurrency, now, quirk } = connection;
  const limit = String(PAGE_SIZE);
  const list = (
    path: string,
    query = {},
    learn: (records: readonly SourceRecord[]) => void = () => undefined,
  ): SharedList =>
    new SharedList(async function* read() {
      for await (const page of readList(client, {
        path,
        query: { limit, ...query },
        paging: BY_ID,
      })) {
        learn(page.records);
        yield page;
      }
    });
  // How many of these may be on a page is not documented.
  const tokenList = (path: string): SharedList =>
    new SharedList(() => readList(client, { path, paging: BY_TOKEN }));
  const owners: Owners = new Owners(
    () => users.ids(),
    () => apiKeys.ids(),
  );
  const users = list(USERS, {}, (records) => owners.learnUsers(records));
  const apiKeys = list(API_KEYS, {}, (records) => owners.learnKeys(records));
  return {
    client,
    options,
    now,
    quirk,
    width: concurrency * 2,
    users,
    workspaces: list(WORKSPACES, { include_archived: 'true' }),
    apiKeys,
    groups: tokenList(GROUPS),
    roles: tokenList(ROLES),
    owners,
  };
}
