import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import type { Page } from '../../model.ts';
import { readList } from './client.ts';
import { ofMember, snapshot } from './directory.ts';
import { PROJECTS } from './project-list.ts';
import type { Session } from './session.ts';

/** Who may hold a role in a project. Lists of a project name users by `id`, and groups by `group_id`. */
type Holder = { of: 'user' | 'group'; id: string };

/** Roles beyond owner and member. No list has them all: each is asked of one project and one holder. */
export const projectRoles: readonly Stream<Session>[] = [
  stream('project-group-roles', 'which roles a group holds in a project', {
    of: 'group',
    id: 'group_id',
  }),
  {
    ...stream('project-user-roles', 'which roles a user holds in a project', {
      of: 'user',
      id: 'id',
    }),
    wanted: ({ options }) => options.projectRoleAssignments,
  },
];

function stream(name: string, brings: string, { of, id: field }: Holder): Stream<Session> {
  const members = `${PROJECTS}/{id}/${of}s`;
  // Roles of projects are outside of the organization's part of the API.
  const roles = `/v1/projects/{id}/${of}s/{holder_id}/roles`;
  return {
    ...snapshot(name, brings, roles, { entity: 'directory.sql', grant: 'grants.sql' }),
    reads: [members, roles].map((path) => ({ method: 'GET', path })),
    open: (session) => ({
      async *read() {
        const { client, projects, width, quirk } = session;
        const all = await projects.ids();
        const holders = new Map<string, string[]>();
        // Whom a project has is archived by another stream: of a project that is refused its end is all there is to say.
        yield* fanOut(all, { endpoint: members, width, quirk }, async (project) => {
          const path = members.replace('{id}', segment(project));
          holders.set(project, await idsIn(readList(client, path, { id: field })));
          return [];
        });
        const asked = all.flatMap((project) =>
          (holders.get(project) ?? []).map((holder) => ({ project, holder })),
        );
        const partOf = ({ project, holder }: (typeof asked)[number]) => `${project}/${holder}`;
        yield* fanOut(asked, { endpoint: roles, width, quirk, partOf }, async (one) => {
          const { project, holder } = one;
          const path = roles
            .replace('{id}', segment(project))
            .replace('{holder_id}', segment(holder));
          const context = { project_id: project, [`${of}_id`]: holder };
          const pages: Page[] = [];
          for await (const page of readList(client, path)) {
            pages.push(ofMember(page, context, `${partOf(one)}/`));
          }
          return pages;
        });
      },
    }),
  };
}

async function idsIn(list: AsyncIterable<Page>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { records } of list) ids.push(...records.map(({ key }) => key));
  return ids;
}
