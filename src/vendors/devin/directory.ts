import { VendorError } from '../../errors.ts';
import type { Page, Quirk, StreamReader } from '../../model.ts';
import type { SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { gone } from '../../extract/gone.ts';
import { Roster } from '../../extract/roster.ts';
import { snapshot } from '../../extract/snapshot.ts';
import { ENTERPRISE, readObject, readPages, segment } from './pages.ts';

/** Who there is to ask about. */
export type Rosters = {
  organizations: Roster;
  /** The same list, read again where one of them was refused. */
  organizationsLeft: Roster;
  users: Roster;
  idpUsers: Roster;
  serviceUsers: Roster;
};

const MEMBERS = `${ENTERPRISE}/members`;
const MEMBERSHIP = 'ManageAccountMembership (ViewAccountMembership may do for reading)';
const SETTINGS = 'ManageEnterpriseSettings';
const GIT = 'ManageGitIntegrations';
const ORGANIZATIONS = 'ManageOrganizations';

/** Whom to ask about has to be listed first. */
export const TO_LIST = {
  organizations: ` and ${ORGANIZATIONS}`,
  members: ` and ${MEMBERSHIP}`,
} as const;

export function rosters(client: SourceClient): Rosters {
  const list = (path: string, id: string, query = {}): Roster =>
    new Roster(() => readPages(client, path, query, id));
  return {
    organizations: list(`${ENTERPRISE}/organizations`, 'org_id'),
    organizationsLeft: list(`${ENTERPRISE}/organizations`, 'org_id'),
    users: list(`${MEMBERS}/users`, 'user_id'),
    // Who is a member by a group of the identity provider only is in no other list.
    idpUsers: list(`${MEMBERS}/idp-users`, 'user_id'),
    serviceUsers: list(`${MEMBERS}/service-users`, 'service_user_id', { include_inactive: 'true' }),
  };
}

/** Organizations, people, their roles, and what the enterprise has connected and allowed. */
export function directory(
  client: SourceClient,
  width: number,
  who: Rosters,
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  const list = (stream: string, path: string, id: string, needs: string): StreamReader =>
    takes(
      needs,
      snapshot(stream, path, null, () => readPages(client, path, {}, id)),
    );

  const object = (stream: string, path: string, needs: string): StreamReader =>
    takes(
      needs,
      snapshot(stream, path, null, async function* () {
        yield await readObject(client, path, {}, stream);
      }),
    );

  const perOrganization = (
    stream: string,
    path: string,
    needs: string,
    read: (path: string, org_id: string) => AsyncIterable<Page>,
  ): StreamReader =>
    takes(
      needs + TO_LIST.organizations,
      snapshot(stream, path, null, async function* () {
        const how = { width, onGone: gone(path, quirk) };
        yield* fanOut(await who.organizations.ids(), how, (org_id) =>
          unlessDeleted(who, org_id, async () => {
            const pages: Page[] = [];
            for await (const page of read(path.replace('{org_id}', segment(org_id)), org_id)) {
              pages.push({ ...page, note: { ...page.note, context: { org_id } } });
            }
            return pages;
          }),
        );
      }),
    );

  const organizations = `${ENTERPRISE}/organizations`;
  return [
    roster('organizations', organizations, ORGANIZATIONS, who.organizations),
    roster('users', `${MEMBERS}/users`, MEMBERSHIP, who.users),
    roster('idp-users', `${MEMBERS}/idp-users`, MEMBERSHIP, who.idpUsers),
    roster('service-users', `${MEMBERS}/service-users`, MEMBERSHIP, who.serviceUsers),
    list('idp-groups', `${MEMBERS}/idp-groups`, 'idp_group_name', MEMBERSHIP),
    list('registered-idp-groups', `${ENTERPRISE}/idp-groups`, 'idp_group_name', MEMBERSHIP),
    list('roles', `${ENTERPRISE}/roles`, 'role_id', MEMBERSHIP),
    perOrganization('tags', `${organizations}/{org_id}/tags`, SETTINGS, async function* (path, id) {
      yield await readObject(client, path, {}, id);
    }),
    list('git-connections', `${ENTERPRISE}/git-providers/connections`, 'git_connection_id', GIT),
    perOrganization(
      'git-permissions',
      `${organizations}/{org_id}/git-providers/permissions`,
      GIT,
      (path) => readPages(client, path, {}, 'git_permission_id'),
    ),
    object('ip-access-list', `${ENTERPRISE}/ip-access-list`, SETTINGS),
    object('org-group-limits', `${ENTERPRISE}/org-group-limits`, ORGANIZATIONS),
    list('hypervisors', `${ENTERPRISE}/hypervisors`, 'hypervisor_id', 'ViewEnterpriseInfraDetails'),
    object('queue', `${ENTERPRISE}/queue`, 'ViewAccountMetrics'),
  ];
}

/** An organization that was deleted since it was listed is refused as for lack of a permission: the list tells. */
export async function unlessDeleted(
  who: Rosters,
  organization: string,
  read: () => Promise<Page[]>,
): Promise<Page[]> {
  try {
    return await read();
  } catch (error) {
    const mayBeGone = error instanceof VendorError && error.fault === 'forbidden';
    if (!mayBeGone || (await who.organizationsLeft.ids()).includes(organization)) throw error;
    return [];
  }
}

function roster(stream: string, path: string, needs: string, members: Roster): StreamReader {
  return takes(
    needs,
    snapshot(stream, path, null, () => members.pages()),
  );
}

/** The stream with the permission that its endpoint takes. */
export function takes(needs: string, stream: StreamReader): StreamReader {
  return { ...stream, needs };
}
