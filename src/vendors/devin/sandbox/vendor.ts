import { randomBytes } from 'node:crypto';
import { type Answer, type Call, Refusal } from '../../../sandbox/answer.ts';
import { noFaults } from '../../../sandbox/faults.ts';
import { findRoute } from '../../../sandbox/find-route.ts';
import type {
  Arrival,
  RequestRecord,
  SandboxOptions,
  SandboxVendor,
} from '../../../sandbox/vendor.ts';
import { generateAccount } from './account.ts';
import { breakIn } from './break-in.ts';
import type { ConsumptionBook } from './consumption/consumption.ts';
import type { Actor, IdpUser, Organization, ServiceUser, User } from './directory.ts';
import { detail } from './errors.ts';
import type { EventLog } from './event-log.ts';
import type { Holdings } from './holdings.ts';
import type { Metrics } from './metrics/metrics.ts';
import { PERMISSIONS, type Permission, permissionFor } from './permissions.ts';
import { type Quirks, defaultQuirks } from './quirks.ts';
import { type IdpGroup, ROLES, type Role } from './roles.ts';
import { ROUTES } from './routes.ts';
import type { Search } from './searches.ts';
import type { Session } from './sessions.ts';
import type { DevinState } from './state.ts';
import type { Written } from './written.ts';

const TOKEN_PREFIX = 'cog_';

/** A token that does not begin with `cog_` is of an earlier API: nothing accepts it. */
export type DevinOptions = SandboxOptions & {
  users?: number;
  organizations?: number;
  sessions?: number;
  createdAtUnit?: Quirks['createdAtUnit'];
};

/** A Devin enterprise with its data and its whims. All of it may be changed while it is being read. */
export class DevinVendor implements DevinState, SandboxVendor {
  readonly token: string;
  /** As if the token had been revoked: 401 everywhere. */
  tokenRefused = false;
  /** What the token's service user may do. Taking one away shuts the endpoints that need it. */
  readonly permissions = new Set<Permission>(PERMISSIONS);
  readonly organizations: Organization[];
  readonly deletedOrganizations: Organization[];
  readonly users: User[];
  readonly idpUsers: IdpUser[];
  readonly idpGroups: IdpGroup[];
  readonly serviceUsers: ServiceUser[];
  readonly roles: Role[] = ROLES.map((role) => ({ ...role }));
  readonly actors: readonly Actor[];
  readonly events: EventLog;
  readonly sessions: Session[];
  /** The newest last, however they are served. */
  readonly searches: Search[];
  readonly holdings: Holdings;
  readonly written: Written;
  readonly consumption: ConsumptionBook;
  readonly metrics: Metrics;
  /** In seconds. */
  readonly historyStart: number;
  readonly quirks = defaultQuirks();
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  /** Called before each answer, so that a test can change the data in the middle of a listing. */
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly #now: () => number;

  constructor(options: DevinOptions = {}) {
    const { seed = 1, events = 2_000, days = 200, users = 20, organizations = 4 } = options;
    const { sessions = 60, now = Date.now, until = now(), demo = false } = options;
    if (users < 1 || organizations < 1)
      throw new RangeError('the sandbox needs at least one user and one organization');
    this.token = options.token ?? `${TOKEN_PREFIX}sandbox${randomBytes(8).toString('hex')}`;
    this.quirks.createdAtUnit = options.createdAtUnit ?? this.quirks.createdAtUnit;
    this.#now = now;
    const sizes = { events, days, users, organizations, sessions };
    const account = generateAccount({
      ...sizes,
      seed,
      until,
      now: () => Math.floor(now() / 1000),
      goesOn: demo,
    });
    const { directory } = account;
    ({ organizations: this.organizations, users: this.users } = directory);
    ({ deletedOrganizations: this.deletedOrganizations, actors: this.actors } = directory);
    ({ idpUsers: this.idpUsers, idpGroups: this.idpGroups } = directory);
    this.serviceUsers = directory.serviceUsers;
    ({ events: this.events, sessions: this.sessions, holdings: this.holdings } = account);
    ({ written: this.written, searches: this.searches } = account);
    ({ consumption: this.consumption, metrics: this.metrics } = account);
    this.historyStart = account.historyStart;
    if (demo) breakIn(this, until);
  }

  clock(): number {
    return this.#now() + this.quirks.dateHeaderSkewMs;
  }

  answer(call: Call): Answer {
    if (call.method !== 'GET') {
      return { ...detail(405, 'Method Not Allowed'), headers: { allow: 'GET' } };
    }
    if (!this.#accepts(call.headers['authorization'])) return detail(401, 'Unauthorized');
    const lacking = Object.entries(this.quirks.unavailable).find(([prefix]) =>
      call.path.startsWith(prefix),
    );
    if (lacking !== undefined) {
      return lacking[1] === '404' ? detail(404, 'Not Found') : detail(403, 'Forbidden');
    }
    // A bar that was not escaped is no part of an identifier.
    const found = call.path.includes('|') ? undefined : findRoute(ROUTES, call.path);
    if (found === undefined) return detail(404, 'Not Found');
    const needed = permissionFor(found.route.needs, this.quirks);
    if (!this.permissions.has(needed)) return detail(403, `Missing required permission: ${needed}`);
    try {
      const { path, params } = call;
      return found.route.endpoint({ state: this, path, params, id: found.id });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  failure(status: 429 | 500): Answer {
    return detail(status, status === 429 ? 'Too Many Requests' : 'Internal Server Error');
  }

  /** The session works on: `acus` are added to what it has consumed. It may have been asleep before. */
  growSession(
    id: string,
    { acus, at, status }: { acus: number; at: number; status?: string },
  ): Session {
    const session = this.sessions.find((candidate) => candidate.session_id === id);
    if (session === undefined) throw new Error(`no session has the id ${id}`);
    session.acus_consumed += acus;
    session.updated_at = at;
    session.status = status ?? session.status;
    return session;
  }

  /** The organization is in no list from now on, and its sessions are hidden unless they are asked for. */
  deleteOrganization(id: string): void {
    const place = this.organizations.findIndex(({ org_id }) => org_id === id);
    if (place < 0) throw new Error(`no organization has the id ${id}`);
    this.deletedOrganizations.push(...this.organizations.splice(place, 1));
  }

  #accepts(authorization: Call['headers'][string]): boolean {
    if (this.tokenRefused || !this.token.startsWith(TOKEN_PREFIX)) return false;
    return authorization === `Bearer ${this.token}`;
  }
}
