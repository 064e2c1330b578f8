import { randomBytes } from 'node:crypto';
import { type Answer, type Call, Refusal } from '../../../sandbox/answer.ts';
import { continued } from '../../../sandbox/demo.ts';
import { eventTimes } from '../../../sandbox/event-times.ts';
import { noFaults } from '../../../sandbox/faults.ts';
import { findRoute } from '../../../sandbox/find-route.ts';
import type {
  Arrival,
  RequestRecord,
  SandboxOptions,
  SandboxVendor,
} from '../../../sandbox/vendor.ts';
import {
  type Account,
  type ApiKey,
  generateAccount,
  type Group,
  type Invite,
  type Member,
  type ExternalKey,
  type Role,
  type User,
  type Workspace,
} from './account.ts';
import { activityMaker } from './activities.ts';
import { breakIn } from './break-in.ts';
import { problem } from './errors.ts';
import { Feed } from './feed.ts';
import { idOf } from './ids.ts';
import { refusalOf } from './keys.ts';
import { defaultQuirks } from './quirks.ts';
import { ROUTES } from './routes.ts';
import type { AnthropicState } from './state.ts';
import { UsageBook } from './usage-book.ts';

const DAY = 86_400_000;

export type AnthropicOptions = SandboxOptions & {
  users?: number;
  workspaces?: number;
  keys?: number;
};

/** An organization with its data and its whims. All of it may be changed while it is being read. */
export class AnthropicVendor implements AnthropicState, SandboxVendor {
  readonly token: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly users: User[];
  readonly invites: Invite[];
  readonly workspaces: Workspace[];
  readonly members: Map<string, Member[]>;
  readonly apiKeys: ApiKey[];
  readonly groups: Group[];
  readonly roles: Role[];
  readonly externalKeys: ExternalKey[];
  readonly feed: Feed;
  readonly usage: UsageBook;
  readonly quirks = defaultQuirks();
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  /** Called before each answer, so that a test can change the data in the middle of a listing. */
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly #now: () => number;

  constructor(options: AnthropicOptions = {}) {
    const { seed = 1, events = 2_000, days = 30, users = 20, workspaces = 3, keys = 6 } = options;
    const { now = Date.now, until = now(), demo = false } = options;
    this.token = options.token ?? `sandbox-key-${randomBytes(8).toString('hex')}`;
    this.#now = now;
    const start = until - days * DAY;
    const account: Account = generateAccount(seed, { users, workspaces, keys, start });
    ({ organizationId: this.organizationId, organizationName: this.organizationName } = account);
    ({ users: this.users, invites: this.invites, workspaces: this.workspaces } = account);
    ({ members: this.members, apiKeys: this.apiKeys } = account);
    ({ groups: this.groups, roles: this.roles, externalKeys: this.externalKeys } = account);
    const times = eventTimes(events, start, until, seed);
    const perDay = Math.ceil(events / days);
    this.feed = new Feed(
      demo ? continued(times, { until, now: now(), perDay, seed }) : times,
      (place) => idOf('activity', seed, place),
      activityMaker(account, { seed, demo }),
    );
    this.usage = new UsageBook(account, seed, start);
    if (demo) breakIn(this, until);
  }

  clock(): number {
    return this.#now() + this.quirks.dateHeaderSkewMs;
  }

  answer(call: Call): Answer {
    if (call.method !== 'GET') return problem(405, 'Method Not Allowed');
    const key = call.headers['x-api-key'];
    // Without any key there is nothing at all.
    if (key === undefined) return problem(404, 'Not Found');
    if (key !== this.token) return problem(401, 'invalid x-api-key');
    if (call.headers['anthropic-version'] === undefined) {
      return problem(400, 'anthropic-version: header is required');
    }
    const lacking = Object.entries(this.quirks.unavailable).find(([prefix]) =>
      call.path.startsWith(prefix),
    );
    if (lacking !== undefined) return problem(lacking[1], 'not for this organization');
    const found = findRoute(ROUTES, call.path);
    if (found === undefined) return problem(404, 'Not Found');
    const refusal = refusalOf(this.quirks.key, found.route.opens);
    if (refusal !== null) return problem(refusal, 'this API key lacks the required scope');
    try {
      const { params, path } = call;
      return found.route.endpoint({ state: this, params, path, id: found.id });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  failure(status: 429 | 500): Answer {
    return problem(status, status === 429 ? 'rate limited' : 'internal error');
  }
}
