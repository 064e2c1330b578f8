import { randomBytes } from 'node:crypto';
import { type Answer, type Call, Refusal, html } from '../../../sandbox/answer.ts';
import { noFaults } from '../../../sandbox/faults.ts';
import { findRoute } from '../../../sandbox/find-route.ts';
import type {
  Arrival,
  RequestRecord,
  SandboxOptions,
  SandboxVendor,
} from '../../../sandbox/vendor.ts';
import { breakIn } from './break-in.ts';
import type { Membership, Organization, Role, Team, User } from './directory.ts';
import { codedError, featureNotAvailable, messageError } from './errors.ts';
import type { EventLog } from './event-log.ts';
import type { Invitation, License, Repository } from './holdings.ts';
import { uuid } from './ids.ts';
import { generateInstallation } from './installation.ts';
import { type Unavailable, defaultQuirks } from './quirks.ts';
import { ROUTES } from './routes.ts';
import type { TabnineState } from './state.ts';
import { Usage } from './usage/usage.ts';

export type TabnineOptions = SandboxOptions & {
  users?: number;
  teams?: number;
  /** The upgrade to 6.2 in epoch ms: usage v1 ends there, v2 and agent usage begin. Default: 40 days before the end. */
  frozenAt?: number;
};

type NewUser = {
  username: string;
  email: string;
  role?: Role;
  team?: Team | null;
  at: number;
};

/** A Tabnine installation with its data and its whims. All of it may be changed while it is being read. */
export class TabnineVendor implements TabnineState, SandboxVendor {
  readonly token: string;
  /** As if the token had been revoked: 401 everywhere. */
  tokenRefused = false;
  readonly organization: Organization;
  readonly teams: Team[];
  readonly users: User[];
  readonly memberships: Membership[];
  readonly events: EventLog;
  readonly usage: Usage;
  readonly invitations: Invitation[];
  /** By the id of the team. */
  readonly repositories: Map<string, Repository[]>;
  license: License;
  /** When users came, in epoch ms. */
  readonly registeredAt: Map<string, number>;
  readonly historyStart: number;
  readonly quirks = defaultQuirks();
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  /** Called before each answer, so that a test can change the data in the middle of a listing. */
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly #now: () => number;
  readonly #seed: number;

  constructor(options: TabnineOptions = {}) {
    const { seed = 1, events = 5_000, days = 30, users = 60, teams = 6, now = Date.now } = options;
    if (users < 1 || teams < 1)
      throw new RangeError('the sandbox needs at least one user and one team');
    this.token = options.token ?? `sandbox-token-${randomBytes(8).toString('hex')}`;
    this.#now = now;
    this.#seed = seed;
    const { until = now(), frozenAt, demo = false } = options;
    const installation = generateInstallation({
      seed,
      events,
      days,
      users,
      teams,
      until,
      frozenAt,
      goesOnTo: demo ? now() : null,
    });
    const { directory, usageSince } = installation;
    ({ organization: this.organization, teams: this.teams } = directory);
    ({ users: this.users, memberships: this.memberships } = directory);
    ({ events: this.events, license: this.license } = installation);
    ({ invitations: this.invitations, repositories: this.repositories } = installation);
    ({ registeredAt: this.registeredAt, historyStart: this.historyStart } = installation);
    this.usage = new Usage(this, seed, usageSince, installation.frozenAt);
    if (demo) breakIn(this, until);
  }

  clock(): number {
    return this.#now() + this.quirks.dateHeaderSkewMs;
  }

  answer(call: Call): Answer {
    if (call.method !== 'GET') {
      const refused = codedError(405, 'method_not_allowed', 'Method Not Allowed');
      return { ...refused, headers: { allow: 'GET' } };
    }
    if (this.tokenRefused || call.headers['authorization'] !== `Bearer ${this.token}`) {
      return messageError(401, 'Unauthorized. Valid ID token required.');
    }
    const lacking = Object.entries(this.quirks.unavailable).find(([prefix]) =>
      call.path.startsWith(prefix),
    );
    if (lacking !== undefined) return unavailable(lacking[1]);
    const found = findRoute(ROUTES, call.path);
    if (found === undefined) return codedError(404, 'not_found', 'Not Found');
    if (found.route.adminOnly === true && !this.quirks.adminToken) {
      return messageError(403, 'Forbidden. Admin role required.');
    }
    try {
      return found.route.endpoint({ state: this, query: call.query, id: found.id });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  failure(status: 429 | 500): Answer {
    return status === 429
      ? codedError(429, 'too_many_requests', 'Too Many Requests')
      : codedError(500, 'internal_server_error', 'Internal Server Error');
  }

  /** Adds an active user, to a team if one is given. */
  addUser({ username, email, role = 'Member', team = null, at }: NewUser): User {
    const user: User = {
      id: uuid(this.#seed, 'added user', this.users.length),
      username,
      email,
      role,
      verified: true,
      team,
      deactivatedAt: null,
      updatedAt: new Date(at).toISOString(),
    };
    this.users.push(user);
    this.registeredAt.set(user.id, at);
    if (team !== null) {
      this.memberships.push({ teamId: team.id, userId: user.id });
      team.usersCount += 1;
    }
    return user;
  }

  renameUser(id: string, username: string, at: number): void {
    const user = this.#user(id);
    user.username = username;
    user.updatedAt = new Date(at).toISOString();
  }

  /** The user is listed with `active=false` from now on, and no longer among the members of teams. */
  deactivateUser(id: string, at: number): void {
    const user = this.#user(id);
    user.deactivatedAt = new Date(at).toISOString();
    user.updatedAt = user.deactivatedAt;
    for (let place = this.memberships.length - 1; place >= 0; place--) {
      const membership = this.memberships[place];
      if (membership?.userId !== id) continue;
      this.memberships.splice(place, 1);
      this.#team(membership.teamId).usersCount -= 1;
    }
  }

  /** Users hold the team object itself: they show the new name too. */
  renameTeam(id: string, name: string): void {
    this.#team(id).name = name;
  }

  #team(id: string): Team {
    const team = this.teams.find((candidate) => candidate.id === id);
    if (team === undefined) throw new Error(`no team has the id ${id}`);
    return team;
  }

  #user(id: string): User {
    const user = this.users.find((candidate) => candidate.id === id);
    if (user === undefined) throw new Error(`no user has the id ${id}`);
    return user;
  }
}

function unavailable(manner: Unavailable): Answer {
  if (manner === '404') return codedError(404, 'not_found', 'Not Found');
  if (manner === '403') return messageError(403, 'Forbidden');
  if (manner === 'feature') return featureNotAvailable();
  // A path that an installation does not know falls through to the console's own page.
  return html(200, 'Tabnine Console', 'Tabnine Console');
}
