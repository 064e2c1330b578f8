import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import { type AgentTask, REPOSITORIES } from './agents.ts';
import { notFound } from './errors.ts';
import { page } from './lists.ts';
import type { GithubState } from './state.ts';

/** Archived tasks come only if they are asked for, with the others or by themselves. */
export function agentTasks(repository: string) {
  return ({ tasks, quirks }: GithubState, call: Call): Answer => {
    const all = tasks.get(repository);
    if (all === undefined) return notFound();
    const since = Date.parse(call.query['since'] ?? '1970-01-01');
    const archived = call.query['is_archived'] === 'true';
    const isAsked = ({ archived_at }: AgentTask): boolean =>
      archived ? quirks.archivedWithOthers || archived_at !== null : archived_at === null;
    const found = all.filter((task) => isAsked(task) && Date.parse(task.updated_at) >= since);
    return quirks.taskList === 'bare' ? page(call, found) : page(call, found, quirks.taskList);
  };
}

export function agentConfiguration(repository: string) {
  return ({ tasks }: GithubState): Answer => {
    if (!tasks.has(repository)) return notFound();
    return json(200, {
      mcp_configuration: {
        mcpServers: {
          tickets: {
            type: 'local',
            command: 'npx',
            args: ['--token=plain-secret'],
            tools: ['*'],
            env: { KEY: 'COPILOT_MCP_KEY' },
          },
        },
      },
      enabled_tools: { codeql: true, secret_scanning: true },
      require_actions_workflow_approval: true,
      is_firewall_enabled: repository === REPOSITORIES[0],
      is_firewall_recommended_allowlist_enabled: true,
      custom_allowlist: ['packages.example.com'],
    });
  };
}
