import { kindAt } from '../../../sandbox/everyday.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import { ACTIONS, isOrdinary, RARE_ACTIONS, isOfTheEnterprise, isOfTheSystem } from './actions.ts';
import type { Actor, Directory } from './directory.ts';
import { eventData, repoAt } from './event-data.ts';
import { auditLogId } from './ids.ts';
import { IDP_GROUP_NAMES, ORGANIZATION_ROLES } from './roles.ts';

/** An audit event, with `created_at` in seconds. */
export type AuditEvent = {
  action: string;
  audit_log_id: string;
  created_at: number;
  data: object;
  org_id: string | null;
  service_user_id: string | null;
  service_user_name: string | null;
  user_email: string | null;
  user_id: string | null;
};

/** What the filters look at. */
export type EventFacts = { readonly action: string; readonly orgId: string | null };

const PERCENTS = Array.from({ length: 100 }, (_, percent) => percent);
const isOrdinaryAt = (percent: number): boolean => isOrdinary(ACTIONS[percent] ?? '');

const SYSTEM_PERCENT = 30;
const OF_THE_ENTERPRISE = new Set(RARE_ACTIONS.filter(isOfTheEnterprise));
const OF_THE_SYSTEM = new Set(RARE_ACTIONS.filter(isOfTheSystem));

/** The events of an imagined past. Each follows from the seed and its index alone. */
export class GeneratedEvents {
  readonly #seed: number;
  readonly #percentOf: (place: number, draw: number) => number;
  readonly #enterpriseId: string;
  readonly #users: readonly Actor[];
  readonly #serviceUsers: readonly Actor[];
  readonly #sessionIds: readonly string[];
  readonly #deletedOrgId: string | null;

  constructor(
    { seed, demo }: { seed: number; demo: boolean },
    directory: Directory,
    sessionIds: readonly string[],
  ) {
    this.#seed = seed;
    this.#percentOf = kindAt(PERCENTS, isOrdinaryAt, demo ? { seed } : null);
    this.#enterpriseId = directory.enterpriseId;
    this.#users = directory.actors.filter(({ kind }) => kind === 'user');
    this.#serviceUsers = directory.actors.filter(({ kind }) => kind === 'service-user');
    this.#sessionIds = sessionIds;
    this.#deletedOrgId = directory.deletedOrganizations[0]?.org_id ?? null;
  }

  facts(index: number): EventFacts {
    const action = this.#action(index);
    return { action, orgId: this.#orgId(action, index) };
  }

  event(index: number, time: number): AuditEvent {
    const seed = this.#seed;
    const { action, orgId } = this.facts(index);
    const draw = hash(seed + 21, index);
    const nobody = OF_THE_SYSTEM.has(action) && (draw >>> 8) % 100 < SYSTEM_PERCENT;
    const actor = this.#actor(index);
    const user = nobody || actor.kind !== 'user' ? null : actor;
    const serviceUser = nobody || actor.kind === 'user' ? null : actor;
    return {
      action,
      audit_log_id: auditLogId(seed, index),
      created_at: time,
      data: eventData({
        action,
        seed,
        index,
        draw,
        targetUserId: pick(this.#users, draw >>> 4).id,
        targetServiceUserId: pick(this.#serviceUsers, draw >>> 4).id,
        roleName: pick(ORGANIZATION_ROLES, draw).role_name,
        groupName: pick(IDP_GROUP_NAMES, draw),
        enterpriseId: this.#enterpriseId,
        sessionId: `devin-${pick(this.#sessionIds, draw)}`,
        repo: repoAt(seed, draw),
      }),
      org_id: orgId,
      service_user_id: serviceUser?.id ?? null,
      service_user_name: serviceUser?.name ?? null,
      user_email: user?.email ?? null,
      user_id: user?.id ?? null,
    };
  }

  #action(index: number): string {
    const percent = this.#percentOf(index, hash(this.#seed + 22, index));
    return ACTIONS[percent] ?? pick(RARE_ACTIONS, hash(this.#seed + 23, index));
  }

  /** An organization that is deleted by now still has its events. */
  #orgId(action: string, index: number): string | null {
    if (OF_THE_ENTERPRISE.has(action)) return null;
    if (hash(this.#seed + 24, index) % 50 === 0) return this.#deletedOrgId;
    return this.#actor(index).orgId;
  }

  /** One event in ten is a service user's. */
  #actor(index: number): Actor {
    const draw = hash(this.#seed + 25, index);
    return pick(draw % 10 === 0 ? this.#serviceUsers : this.#users, draw >>> 4);
  }
}
