import { readObject } from '../../extract/read-object.ts';
import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import { each, list, snapshot } from './directory.ts';
import { PROJECTS } from './project-list.ts';
import type { Session } from './session.ts';

const ORGANIZATION = '/v1/organization';

/** A setting of the whole organization: one object. */
function setting(name: string, brings: string, last: string): Stream<Session> {
  const path = `${ORGANIZATION}/${last}`;
  return {
    ...snapshot(name, brings, path),
    open: ({ client }) => ({
      async *read() {
        yield await readObject(client, { path }, 'organization');
      },
    }),
  };
}

/** The same of each project. */
function projectSetting(name: string, brings: string, last: string): Stream<Session> {
  const path = `${PROJECTS}/{id}/${last}`;
  return {
    ...snapshot(name, brings, path),
    open: ({ client, projects, width, quirk }) => ({
      async *read() {
        const options = { endpoint: path, width, quirk };
        yield* fanOut(await projects.ids(), options, async (id) => {
          const page = await readObject(client, { path: path.replace('{id}', segment(id)) }, id);
          return [{ ...page, note: { ...page.note, context: { project_id: id } } }];
        });
      },
    }),
  };
}

/** What is allowed, kept and spent at most. Not every organization has all of it. */
export const settings: readonly Stream<Session>[] = [
  each('rate-limits', 'rate limits per model', {
    of: 'project',
    path: `${PROJECTS}/{id}/rate_limits`,
    isShared: true,
  }),
  setting('data-retention', 'how long the vendor keeps data', 'data_retention'),
  projectSetting('project-data-retention', 'the same of a project', 'data_retention'),
  setting('spend-limit', 'the limit of what may be spent, in cents', 'spend_limit'),
  list('spend-alerts', 'alerts on what is spent, in cents', `${ORGANIZATION}/spend_alerts`),
  projectSetting('project-spend-limits', 'the limit of a project, in cents', 'spend_limit'),
  each('project-spend-alerts', 'alerts of a project, in cents', {
    of: 'project',
    path: `${PROJECTS}/{id}/spend_alerts`,
    isShared: true,
  }),
  projectSetting('model-permissions', 'which models a project may use', 'model_permissions'),
  projectSetting(
    'hosted-tool-permissions',
    'which of the vendor’s tools a project may use',
    'hosted_tool_permissions',
  ),
];
