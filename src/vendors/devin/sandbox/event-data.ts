import { hash, pick } from '../../../sandbox/random.ts';
import { hex } from './ids.ts';

/** What the data of an event is made from. */
export type Scene = {
  readonly action: string;
  readonly seed: number;
  readonly index: number;
  readonly draw: number;
  readonly targetUserId: string;
  readonly targetServiceUserId: string;
  readonly roleName: string;
  readonly groupName: string;
  readonly enterpriseId: string;
  /** As path parameters want it, with the prefix that session lists leave out. */
  readonly sessionId: string;
  readonly repo: string;
};

type Rule = readonly [action: RegExp, data: (scene: Scene) => object];

/** Free-form and different for each action. The first that fits; an action without a rule says nothing more. */
const RULES: readonly Rule[] = [
  [/^create_session$/, ({ sessionId, repo }) => ({ session_id: sessionId, repo })],
  [
    /^ai_guardrail_violation$/,
    ({ sessionId, seed, index, draw }) => ({
      session_id: sessionId,
      guardrail_id: `guardrail-${hex(seed, 'guardrail', draw % 3, 12)}`,
      violation: { category: pick(CATEGORIES, draw), blocked: draw % 2 === 0, event: index },
    }),
  ],
  [
    /session|send_message|^approve_|permission_response/,
    ({ sessionId }) => ({ session_id: sessionId }),
  ],
  [
    /service_user/,
    ({ targetServiceUserId, roleName }) => ({
      service_user_id: targetServiceUserId,
      roles: [roleName],
    }),
  ],
  [
    /group_membership/,
    ({ groupName, roleName }) => ({ target_group_name: groupName, roles: [roleName] }),
  ],
  [
    /member|assign_roles|join|seat_request/,
    ({ targetUserId, roleName }) => ({ target_user_id: targetUserId, roles: [roleName] }),
  ],
  [/_role$/, ({ roleName }) => ({ role_name: roleName })],
  [
    /_org$/,
    ({ enterpriseId, draw }) => ({ enterprise_id: enterpriseId, name: `Team ${draw % 9}` }),
  ],
  [
    /integration|gitlab_app/,
    ({ seed, draw }) => ({
      integration_id: `integration-${hex(seed, 'integration', draw % 5, 16)}`,
    }),
  ],
  [
    /settings|guardrail$/,
    ({ draw }) => ({ setting_type: pick(SETTINGS, draw), enabled: draw % 2 === 0 }),
  ],
  [/repo|git_permission|snapshot|maintenance|blueprint/, ({ repo }) => ({ repo, branch: null })],
  [/search_query/, ({ repo, draw }) => ({ repo, query_length: 10 + (draw % 200) })],
  [
    /knowledge|playbook|secret|folder|persona/,
    ({ seed, index }) => ({ id: hex(seed, 'note', index, 32), name: `Příručka "${index}"` }),
  ],
  [/api_key|pat$/, ({ seed, draw }) => ({ api_key_id: `key-${hex(seed, 'key', draw % 20, 12)}` })],
  [/mcp_server/, ({ draw }) => ({ mcp_server: pick(SERVERS, draw) })],
];

const CATEGORIES = ['prompt_injection', 'secret_exposure', 'destructive_command'];
const SETTINGS = ['sso', 'session_retention', 'ip_access_list'];
const SERVERS = ['jira', 'datadog', 'figma'];
const REPOS = ['acme/payments', 'acme/mobile-app', 'acme/data-pipeline', 'acme/search'];

/** The `data` of an event. */
export function eventData(scene: Scene): object {
  const rule = RULES.find(([action]) => action.test(scene.action));
  return rule === undefined ? {} : rule[1](scene);
}

/** The repository that a draw falls on. */
export function repoAt(seed: number, place: number): string {
  return pick(REPOS, hash(seed + 51, place));
}
