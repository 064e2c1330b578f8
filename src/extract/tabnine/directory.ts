import type { Page, StreamReader } from '../../model.ts';
import type { Got, Query, SourceClient } from '../client.ts';
import { readRow, type Row } from '../identify.ts';
import { type ListPage, scan } from '../scan.ts';
import { sliceList } from '../slicer.ts';

const ORGANIZATION = '/api/v1/organization';

/** Larger than the default of 50; a server that caps it at less is coped with, since only an empty page or `total` is an end. */
const LIMIT = '200';

type Organization = { records: Row[]; id: string };

/** `GET /api/v1/organization`: its id is what other calls need, so it is the first request of a run. */
export async function fetchOrganization(client: SourceClient): Promise<Got<Organization>> {
  return await client.get(ORGANIZATION, {}, (body) => {
    const row = readRow(body, { id: ['id'], time: [] });
    if (row.id === null) throw new SyntaxError('the organization has no id');
    return { records: [row], id: row.id };
  });
}

/**
 * Organization, teams, users and memberships. None has an order that could be relied upon, and only
 * `total` says whether a reading was whole.
 */
export function directory(
  client: SourceClient,
  organization: () => Promise<Got<Organization>>,
): StreamReader[] {
  const list = async (path: string, query: Query, offset: number): Promise<ListPage> => {
    const { value, note } = await client.get(
      path,
      { ...query, limit: LIMIT, offset: String(offset) },
      parseList,
    );
    return { rows: value.records, note, total: value.total };
  };

  const all = (path: string, query: Query = {}): AsyncGenerator<Page, unknown> =>
    scan({
      fetch: (offset) => list(path, query, offset),
      belongs: () => true,
      overlap: 0,
      totalIsProof: true,
      maxPages: Number.MAX_SAFE_INTEGER,
      place: null,
      subject: path,
    });

  let teamIds: Set<string> | null = null;
  let teamsFailure: unknown = null;
  const teams = async function* (): AsyncGenerator<Page> {
    // The members need the list too: what was refused once is not asked for again in the same run.
    if (teamsFailure !== null) throw teamsFailure;
    const ids = new Set<string>();
    try {
      for await (const page of all('/api/v1/organization/teams') as AsyncIterable<Page>) {
        for (const record of page.records) ids.add(record.key);
        yield page;
      }
    } catch (error) {
      teamsFailure = error;
      throw error;
    }
    teamIds = ids;
  };

  return [
    snapshot('organization', async function* () {
      const { value, note } = await organization();
      const records = value.records.map(({ bytes, time }) => ({ bytes, key: value.id, time }));
      yield { note, records, place: null };
    }),
    snapshot('teams', teams),
    snapshot('users', async function* () {
      const { value } = await organization();
      // Two calls, because the filter splits the users and newer answers no longer say who is active.
      for (const active of ['true', 'false']) {
        const query = { organizationId: value.id, active };
        for await (const page of all('/api/v1/organization/users', query) as AsyncIterable<Page>) {
          yield { ...page, note: { ...page.note, context: { active } } };
        }
      }
    }),
    snapshot('team-members', async function* () {
      if (teamIds === null) for await (const _ of teams());
      for (const team_id of teamIds ?? []) {
        const path = `/api/v1/team/${encodeURIComponent(team_id)}/users`;
        for await (const page of all(path) as AsyncIterable<Page>) {
          const records = page.records.map((record) => ({
            ...record,
            key: `${team_id}/${record.key}`,
          }));
          yield { ...page, records, note: { ...page.note, context: { team_id } } };
        }
      }
    }),
  ];
}

function snapshot(stream: string, read: () => AsyncIterable<Page>): StreamReader {
  return { stream, kind: 'snapshot', required: false, read };
}

function parseList(body: Buffer): { records: Row[]; total: number | null } {
  const { records, envelope } = sliceList(body, ['data']);
  const meta = (envelope as { meta?: { total?: unknown } | null }).meta;
  return {
    records: records.map((bytes) => readRow(bytes, { id: ['id'], time: [] })),
    total: typeof meta?.total === 'number' ? meta.total : null,
  };
}
