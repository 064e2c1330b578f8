import { byWindow } from '../../extract/by-window.ts';
import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { readObject } from '../../extract/read-object.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { segment } from '../../extract/segment.ts';
import type { OpenWindow, Page, PartEnd } from '../../model.ts';
import { isoSecond } from '../../platform/time.ts';
import { ask, readList } from './client.ts';
import type { Session } from './session.ts';

const TASKS = '/agents/repos/{owner}/{repo}/tasks';
const CONFIGURATION = '/repos/{owner}/{repo}/copilot/cloud-agent/configuration';

/** What is known of a task that nobody wrote. Its name is made from the prompt, and so may be names in its artifacts. */
const KEPT = 'id node_id login type state html_url created_at updated_at archived_at'.split(' ');

export const TASK_TEXTS: Redaction = {
  name: 'github-task-texts-1',
  hides: 'names of agent tasks, which are made from prompts, and texts of what they made',
  texts: [{ path: '**', keep: KEPT }],
};

/** Servers of the model context protocol are configured with tokens, or with the names of secrets. */
export const AGENT_CONFIGURATION_TEXTS: Redaction = {
  name: 'github-agent-configuration-texts-1',
  hides: 'environment, headers and arguments of the MCP servers of agents',
  texts: [
    { path: 'mcp_configuration.**', keep: ['command', 'type', 'tools'] },
    // A configuration may also be one text.
    { path: 'mcp_configuration' },
  ],
};

/** Of repositories that are named: no list says in which of them agents work. */
export const agents: readonly Stream<Session>[] = [
  {
    name: 'agent-tasks',
    kind: 'changes',
    brings: 'tasks of the coding agent: whose, when, in which state; only of `agentRepositories`',
    endpoint: TASKS,
    needs: 'a token of a user who may read the repository; not one of an installed app',
    unknowns: [
      { what: 'the list of tasks', places: ['tasks', 'items', ''] },
      { what: 'who began a task', places: ['tasks', 'items'].map((at) => `${at}.*.creator.login`) },
    ],
    maps: { session: 'agent-tasks.sql' },
    wanted: hasRepositories,
    open: (session) => ({ read: byWindow((window) => readTasks(session, window)) }),
  },
  {
    name: 'agent-configuration',
    kind: 'snapshot',
    brings:
      'what the coding agent may do in a repository: firewall, tools, MCP servers; only of `agentRepositories`',
    endpoint: CONFIGURATION,
    needs: 'repo, or fine-grained "Copilot agent settings: read"',
    maps: { entity: 'directory.sql' },
    wanted: hasRepositories,
    open: (session) => ({ read: () => readConfigurations(session) }),
  },
];

function hasRepositories({ options }: Session): boolean {
  return options.agentRepositories.length > 0;
}

/** Archived tasks are hidden unless they are asked for, and then it is not said whether the others come as well. */
async function* readTasks(
  { client, options, width, quirk }: Session,
  window: OpenWindow,
): AsyncGenerator<Page | PartEnd> {
  const since = isoSecond(window.place);
  const parts = { endpoint: TASKS, width, quirk };
  let last: Page | null = null;
  for await (const item of fanOut(options.agentRepositories, parts, async (repository) => {
    const pages: Page[] = [];
    for (const more of [{}, { is_archived: 'true' }]) {
      const list = { id: ['id'], lists: ['tasks', 'items', ''], redaction: TASK_TEXTS };
      const query = { since, ...more };
      for await (const page of readList(client, pathOf(TASKS, repository), { ...list, query })) {
        pages.push({ ...page, note: { ...page.note, context: { repository } } });
      }
    }
    return pages;
  })) {
    if ('ended' in item) {
      yield item;
      continue;
    }
    if (last !== null) yield last;
    last = item;
  }
  if (last !== null) yield { ...last, place: window.to };
}

async function* readConfigurations({ client, options, width, quirk }: Session) {
  const parts = { endpoint: CONFIGURATION, width, quirk };
  yield* fanOut(options.agentRepositories, parts, async (repository) => {
    const asked = ask(pathOf(CONFIGURATION, repository));
    const page = await readObject(
      client,
      { ...asked, redaction: AGENT_CONFIGURATION_TEXTS },
      repository,
    );
    return [{ ...page, note: { ...page.note, context: { repository } } }];
  });
}

function pathOf(template: string, repository: string): string {
  const [owner = '', name = ''] = repository.split('/');
  return template.replace('{owner}', segment(owner)).replace('{repo}', segment(name));
}
