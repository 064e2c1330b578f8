import type { Got, SourceClient } from '../../extract/client.ts';
import type { Connection } from '../../extract/declaration.ts';
import type { Identity } from '../../extract/port.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { SharedList } from '../../extract/shared-list.ts';
import type { Quirk } from '../../model.ts';
import { readList } from './client.ts';
import type { Options } from './options.ts';

export const ORGANIZATION = '/api/v1/organization';
export const TEAMS = `${ORGANIZATION}/teams`;
export const USERS = `${ORGANIZATION}/users`;

export type Organization = { records: Row[]; id: string };

/** What the streams of one account share. */
export type Session = Pick<Connection<Options>, 'client' | 'options' | 'nameOfUser' | 'quirk'> & {
  /** How many slices of a long log are read at a time. */
  slices: number;
  /** Results of a fan-out that are under way or wait for their turn. */
  width: number;
  /** Asked once in a run. */
  organization: () => Promise<Got<Organization>>;
  /** Known once the account is identified. */
  organizationId: () => string;
  teams: SharedList;
  users: SharedList;
};

export function openSession(connection: Connection<Options>): Session {
  const { client, concurrency, options, nameOfUser, quirk } = connection;
  let asked: Promise<Got<Organization>> | null = null;
  let organizationId = '';
  const organization = (): Promise<Got<Organization>> =>
    (asked ??= fetchOrganization(client).then((got) => {
      organizationId = got.value.id;
      return got;
    }));
  return {
    client,
    options,
    nameOfUser,
    quirk,
    organization,
    slices: concurrency === 1 ? 1 : concurrency + 2,
    width: concurrency * 2,
    organizationId: () => organizationId,
    teams: new SharedList(() => readList(client, TEAMS)),
    users: new SharedList(() => readUsers(client, organization, quirk)),
  };
}

/** The id of the organization is what other calls need, so it is the first request of a run. */
export async function identify({ organization }: Session): Promise<Identity> {
  const { value, vendorNow } = await organization();
  return { organizationId: value.id, vendorNow };
}

async function fetchOrganization(client: SourceClient): Promise<Got<Organization>> {
  return await client.get(ORGANIZATION, {}, (body) => {
    const row = readRow(body, { id: ['id', 'organization_id', 'organizationId'], time: [] });
    if (row.id === null) throw new SyntaxError('the organization has no id');
    return { records: [row], id: row.id };
  });
}

/** Two lists, because the filter splits the users and newer answers no longer say who is active. */
async function* readUsers(
  client: SourceClient,
  organization: () => Promise<Got<Organization>>,
  quirk: (quirk: Quirk) => void,
) {
  const { value } = await organization();
  const active = new Set<string>();
  for (const wanted of ['true', 'false']) {
    const query = { organizationId: value.id, active: wanted };
    for await (const page of readList(client, USERS, query)) {
      // Listed as both, a user would change with every reading.
      const records = page.records.filter(({ key }) => wanted === 'true' || !active.has(key));
      if (wanted === 'true') for (const { key } of records) active.add(key);
      else if (records.length < page.records.length) quirk(ACTIVE_IGNORED);
      yield { ...page, records, note: { ...page.note, context: { active: wanted } } };
    }
  }
}

const ACTIVE_IGNORED: Quirk = {
  code: 'active-ignored',
  what: `${USERS} lists the same users as active and as deactivated: deactivatedAt alone tells them apart`,
};
