import type { Page, Quirk, StreamReader } from '../../model.ts';
import type { Got, SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { gone } from '../../extract/gone.ts';
import { readList } from './lists.ts';
import { Roster } from '../../extract/roster.ts';
import { snapshot } from '../../extract/snapshot.ts';

const ORGANIZATION = '/api/v1/organization';

const ACTIVE_IGNORED: Quirk = {
  code: 'active-ignored',
  what: `${ORGANIZATION}/users lists the same users as active and as deactivated: deactivatedAt alone tells them apart`,
};

export type Organization = { records: Row[]; id: string };

/** Who there is to ask about. */
export type Rosters = { teams: Roster; users: Roster };

/** `GET /api/v1/organization`: its id is what other calls need, so it is the first request of a run. */
export async function fetchOrganization(client: SourceClient): Promise<Got<Organization>> {
  return await client.get(ORGANIZATION, {}, (body) => {
    const row = readRow(body, { id: ['id'], time: [] });
    if (row.id === null) throw new SyntaxError('the organization has no id');
    return { records: [row], id: row.id };
  });
}

export function rosters(
  client: SourceClient,
  organization: () => Promise<Got<Organization>>,
  quirk: (quirk: Quirk) => void,
): Rosters {
  return {
    teams: new Roster(() => readList(client, `${ORGANIZATION}/teams`)),
    users: new Roster(async function* () {
      const { value } = await organization();
      const active = new Set<string>();
      // Two calls, because the filter splits the users and newer answers no longer say who is active.
      for (const wanted of ['true', 'false']) {
        const query = { organizationId: value.id, active: wanted };
        const pages = readList(client, `${ORGANIZATION}/users`, query);
        for await (const page of pages) {
          // Listed as both, a user would change with every reading.
          const records = page.records.filter(({ key }) => wanted === 'true' || !active.has(key));
          if (wanted === 'true') for (const { key } of records) active.add(key);
          else if (records.length < page.records.length) quirk(ACTIVE_IGNORED);
          yield { ...page, records, note: { ...page.note, context: { active: wanted } } };
        }
      }
    }),
  };
}

/** Organization, teams, users and memberships. */
export function directory(
  client: SourceClient,
  width: number,
  organization: () => Promise<Got<Organization>>,
  { teams, users }: Rosters,
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  return [
    snapshot('organization', ORGANIZATION, null, async function* () {
      const { value, note } = await organization();
      const records = value.records.map(({ bytes, time }) => ({ bytes, key: value.id, time }));
      yield { note, records, place: null };
    }),
    snapshot('teams', `${ORGANIZATION}/teams`, null, () => teams.pages()),
    snapshot('users', `${ORGANIZATION}/users`, null, () => users.pages()),
    snapshot('team-members', '/api/v1/team/{id}/users', null, async function* () {
      const onGone = gone('/api/v1/team/{id}/users', quirk);
      yield* fanOut(await teams.ids(), { width, onGone }, async (team_id) => {
        const path = `/api/v1/team/${encodeURIComponent(team_id)}/users`;
        const pages: Page[] = [];
        for await (const page of readList(client, path)) {
          pages.push(belongingTo(page, { team_id }, team_id));
        }
        return pages;
      });
    }),
  ];
}

/** The records of a page that was asked about one member: keyed by it too, since another may have the same. */
export function belongingTo(page: Page, context: Record<string, string>, owner: string): Page {
  const records = page.records.map((record) => ({ ...record, key: `${owner}/${record.key}` }));
  return { ...page, records, note: { ...page.note, context } };
}
