import { kindAt } from '../../../sandbox/everyday.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';
import type { AuditEvent } from './event-log.ts';
import { idOf } from './ids.ts';

/** How often what happens, of a hundred; the rest is a type that is newer than every document. */
const TYPES: readonly (readonly [share: number, type: string])[] = [
  [40, 'login.succeeded'],
  [6, 'login.failed'],
  [10, 'logout.succeeded'],
  [8, 'api_key.created'],
  [4, 'api_key.deleted'],
  [4, 'project.updated'],
  [4, 'user.updated'],
  [3, 'invite.sent'],
  [3, 'service_account.created'],
  [3, 'rate_limit.updated'],
  [2, 'role.assignment.created'],
  [2, 'organization.updated'],
  [6, 'tenant.workload_identity.access_token.issued'],
  [2, 'tenant.group.member.added'],
  [1, 'tenant.admin_api_key.created'],
  [1, 'role.bound_to_resource'],
];

const NEWER = 'model_garden.pruned';

const BY_PERCENT = Array.from({ length: 100 }, (_, percent) => typeAt(percent));

const ORDINARY = /^(login|logout|tenant\.workload_identity)\./;

/** Which type an event of an imagined past has, by its place. */
export function typesOf({
  seed,
  demo,
}: {
  seed: number;
  demo: boolean;
}): (place: number) => string {
  const typeOf = kindAt(BY_PERCENT, (type) => ORDINARY.test(type), demo ? { seed } : null);
  return (place) => typeOf(place, hash(seed + 11, place) % 100);
}

/** The event of a type at a place of an imagined past: it follows from the seed and the place alone. */
export function eventAt(
  { seed, place, type }: { seed: number; place: number; type: string },
  time: number,
  directory: Directory,
): AuditEvent {
  const draw = hash(seed + 12, place);
  const project = pick(directory.projects, draw >>> 3);
  const isOfProject = /^(api_key|service_account|rate_limit|project)\./.test(type);
  const { id, name } = project;
  return {
    id: idOf('audit_log-', seed, place),
    type,
    effective_at: time,
    // Where an event is of no project, it does not have the property at all.
    ...(isOfProject && { project: { id, name } }),
    actor: actorAt(draw, project.id, directory),
    ...detailsOf(type, draw, project.id, directory),
  };
}

function typeAt(percent: number): string {
  let share = 0;
  for (const [of, type] of TYPES) {
    share += of;
    if (percent < share) return type;
  }
  return NEWER;
}

/** Nobody, somebody at a browser, or a key. */
function actorAt(draw: number, project: string, { users, apiKeys }: Directory): object | null {
  if (draw % 40 === 0) return null;
  const key = pick([...(apiKeys.get(project) ?? []), null], draw >>> 5);
  if (draw % 10 === 1 && key !== null) {
    const owner = key['owner'] as { type: string };
    return { type: 'api_key', api_key: { ...owner, id: key.id } };
  }
  const { id, email } = pick(users, draw >>> 4);
  return { type: 'session', session: { user: { id, email }, ...placeAt(draw) } };
}

/** Where a session came from; the details of the address are in no document. */
function placeAt(draw: number): object {
  return {
    ip_address: `203.0.113.${draw % 250}`,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
    ja3: null,
    ja4: null,
    ip_address_details: { country: 'CZ', city: 'Brno', asn: '64500' },
  };
}

function detailsOf(type: string, draw: number, project: string, directory: Directory): object {
  const { users, groups, roles, apiKeys, serviceAccounts } = directory;
  const user = pick(users, draw >>> 6);
  const key = apiKeys.get(project)?.[0];
  const byType: Readonly<Record<string, object>> = {
    'login.failed': { error_code: 'invalid_credentials', error_message: 'Wrong "password"' },
    'api_key.created': { id: key?.id, data: { scopes: ['api.all'] } },
    'api_key.deleted': { id: key?.id },
    'project.updated': { id: project, changes_requested: { title: 'Výzkum' } },
    'user.updated': { id: user.id, changes_requested: { role: 'reader' } },
    'invite.sent': { id: `invite-${draw % 97}`, data: { email: user.email, role: 'reader' } },
    'service_account.created': {
      id: serviceAccounts.get(project)?.[0]?.id,
      data: { role: 'member' },
    },
    'rate_limit.updated': { id: 'rl-gpt-5', changes_requested: { max_requests_per_1_minute: 500 } },
    'role.assignment.created': {
      id: roles[1]?.id,
      principal_id: user.id,
      principal_type: 'user',
      resource_id: project,
      resource_type: 'api.project',
    },
    'organization.updated': { id: 'org', changes_requested: { threads_ui_visibility: 'NONE' } },
    'tenant.group.member.added': { group_id: groups[0]?.id, user_id: user.id },
    'tenant.admin_api_key.created': { id: directory.adminKeys[0]?.id },
  };
  const details = byType[type];
  if (details !== undefined) return { [type]: details };
  // Without a schema of its own a type has what it says under another name.
  return type.startsWith('login') || type.startsWith('logout')
    ? { [type]: {} }
    : { details: { id: `resource-${draw % 9}`, resource_type: 'connector' } };
}
