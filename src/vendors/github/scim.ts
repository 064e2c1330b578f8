import type { SourceClient } from '../../extract/client.ts';
import { type ListPage, scan } from '../../extract/paging/offset.ts';
import type { Stream } from '../../extract/port.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { segment } from '../../extract/segment.ts';
import { type Sliced, sliceList } from '../../extract/slice/json.ts';
import { fieldsOf } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { ask } from './client.ts';
import {
  ENTERPRISE,
  hasEnterprise,
  hasOrganization,
  ofEnterprise,
  type Session,
} from './session.ts';

const OF_ORGANIZATION = '/scim/v2/organizations/{org}/Users';

/** The default is 30; how many a page may have is not documented, and a smaller one does no harm. */
const COUNT = '100';

/** Whom the identity provider has provisioned: what ties a person's accounts at several vendors, and who was suspended there. */
export const scimUsers: readonly Stream<Session>[] = [
  provisioned(
    {
      name: 'scim-users',
      brings: 'people as the identity provider provisions them, suspended ones too',
      endpoint: `/scim/v2${ENTERPRISE}/Users`,
      needs: 'SCIM: of an enterprise with managed users, a token that administers it',
      wanted: hasEnterprise,
    },
    (session) => `/scim/v2${ofEnterprise(session, '/Users')}`,
  ),
  provisioned(
    {
      name: 'organization-scim-users',
      brings: 'the same of an organization that is provisioned by itself',
      endpoint: OF_ORGANIZATION,
      needs: 'SCIM: of an organization with single sign-on, a token that administers it',
      wanted: hasOrganization,
    },
    ({ options }) => OF_ORGANIZATION.replace('{org}', segment(options.organization ?? '')),
  ),
];

function provisioned(
  about: Pick<Stream<Session>, 'name' | 'brings' | 'endpoint' | 'needs' | 'wanted'>,
  pathOf: (session: Session) => string,
): Stream<Session> {
  return {
    ...about,
    kind: 'snapshot',
    maps: { entity: 'scim-users.sql' },
    open: (session) => ({ read: () => readUsers(session.client, pathOf(session)) }),
  };
}

/** SCIM counts from one, and by people, not by pages. */
function readUsers(client: SourceClient, path: string): AsyncIterable<Page> {
  return scan({
    async fetch(offset): Promise<ListPage> {
      const query = { startIndex: String(offset + 1), count: COUNT };
      const { value, note } = await client.read(ask(path, query), usersIn);
      return { rows: value.records, note, total: value.total };
    },
    belongs: () => true,
    overlaps: true,
    totalIsProof: true,
    place: null,
    subject: path,
  });
}

function usersIn(body: Buffer): { records: Row[]; total: number | null } {
  const { records, envelope } = listIn(body);
  const { totalResults } = envelope as { totalResults?: unknown };
  return {
    records: records.map((bytes) => readRow(bytes, { id: ['id'], time: [] })),
    total: typeof totalResults === 'number' ? totalResults : null,
  };
}

/** SCIM lets an answer without results leave the list out. */
function listIn(body: Buffer): Sliced {
  try {
    return sliceList(body, ['Resources']);
  } catch (error) {
    const { totalResults, Resources } = fieldsOf(body);
    if (totalResults === 0 && Resources === undefined) {
      return { records: [], envelope: { totalResults } };
    }
    throw error;
  }
}
