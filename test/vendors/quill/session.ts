import type { Connection } from '../../../src/extract/declaration.ts';
import { linkPages } from '../../../src/extract/paging/link.ts';
import { numberedPages } from '../../../src/extract/paging/page-number.ts';
import type { Identity } from '../../../src/extract/port.ts';
import { SharedList } from '../../../src/extract/shared-list.ts';
import type { Page } from '../../../src/model.ts';
import { keyed, rowsOf } from './client.ts';
import type { Options } from './options.ts';

export const ACCOUNT = '/v1/account';
export const MEMBERS = '/v1/members';
export const TEAMS = '/v1/teams';

export type Session = Pick<Connection<Options>, 'client' | 'options' | 'nameOfUser' | 'quirk'> & {
  width: number;
  /** Of the workspace, with every request. */
  workspace: { workspace: string };
  members: SharedList;
  teams: SharedList;
};

export function openSession(connection: Connection<Options>): Session {
  const { client, options, nameOfUser, quirk, concurrency } = connection;
  const workspace = { workspace: options.workspace };
  return {
    client,
    options,
    nameOfUser,
    quirk,
    width: concurrency * 2,
    workspace,
    members: new SharedList(() => readMembers(client, workspace)),
    teams: new SharedList(() => readTeams(client, workspace)),
  };
}

export async function identify({ client, workspace }: Session): Promise<Identity> {
  const { value, vendorNow } = await client.get(ACCOUNT, workspace, (body) => {
    const { id } = JSON.parse(body.toString('utf8')) as { id: string };
    return { id };
  });
  return { organizationId: value.id, vendorNow };
}

function readMembers(client: Session['client'], workspace: Session['workspace']) {
  return numberedPages(async (number) => {
    const query = { ...workspace, page: String(number) };
    const { value, note } = await client.get(MEMBERS, query, (body) => rowsOf(body, 'members'));
    const { total } = value.envelope as { total?: number };
    return { rows: value.records, note, total: total ?? null };
  }, MEMBERS);
}

async function* readTeams(
  client: Session['client'],
  query: Session['workspace'],
): AsyncGenerator<Page> {
  for await (const { rows, note } of linkPages(client, { path: TEAMS, query }, (body) =>
    rowsOf(body, ''),
  )) {
    yield { note, records: keyed(rows), place: null };
  }
}
