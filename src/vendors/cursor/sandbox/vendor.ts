import { randomBytes } from 'node:crypto';
import { type Answer, type Call, Refusal } from '../../../sandbox/answer.ts';
import { continued } from '../../../sandbox/demo.ts';
import { eventTimes } from '../../../sandbox/event-times.ts';
import { noFaults } from '../../../sandbox/faults.ts';
import { findRoute } from '../../../sandbox/find-route.ts';
import { hash } from '../../../sandbox/random.ts';
import type {
  Arrival,
  RequestRecord,
  SandboxOptions,
  SandboxVendor,
} from '../../../sandbox/vendor.ts';
import { breakIn } from './break-in.ts';
import {
  BLOCKED,
  type Blocked,
  type Group,
  groupsOf,
  type Member,
  membersOf,
} from './directory.ts';
import { failed } from './errors.ts';
import { EventLog } from './event-log.ts';
import { eventMaker } from './generated-events.ts';
import { defaultQuirks } from './quirks.ts';
import { ROUTES, WRITES } from './routes.ts';
import type { CursorState } from './state.ts';
import { DAY } from './times.ts';
import { Usage } from './usage.ts';

export type CursorOptions = SandboxOptions & { users?: number; groups?: number };

/** A team in Cursor with its data and its whims. All of it may be changed while it is being read. */
export class CursorVendor implements CursorState, SandboxVendor {
  readonly token: string;
  readonly seed: number;
  readonly teamId: number;
  readonly members: Member[];
  readonly groups: Group[];
  readonly blocked: Blocked[] = BLOCKED.map((each) => ({ ...each }));
  readonly events: EventLog;
  readonly usage: Usage;
  /** Requests that would have changed something. There must never be one. */
  readonly writes: string[] = [];
  readonly quirks = defaultQuirks();
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly #now: () => number;

  constructor(options: CursorOptions = {}) {
    const { seed = 1, events = 5_000, days = 30, users = 60, groups = 4, now = Date.now } = options;
    const { until = now(), demo = false } = options;
    this.token = options.token ?? `sandbox-key-${randomBytes(8).toString('hex')}`;
    this.seed = seed;
    this.#now = now;
    this.teamId = 100_000 + (hash(seed, 9) % 900_000);
    this.members = membersOf(seed, users);
    this.groups = groupsOf(seed, this.members, groups);
    const past = eventTimes(events, until - days * DAY, until, seed);
    const times = demo
      ? continued(past, { until, now: now(), perDay: Math.ceil(events / days), seed })
      : past;
    this.events = new EventLog(times, eventMaker({ seed, demo }, this.members, this.teamId));
    this.usage = new Usage(seed, this.members, until - days * DAY);
    if (demo) breakIn(this, until);
  }

  clock(): number {
    return this.#now() + this.quirks.dateHeaderSkewMs;
  }

  answer(call: Call): Answer {
    const { method, path, headers } = call;
    const expected = Buffer.from(`${this.token}:`, 'utf8').toString('base64');
    if (headers['authorization'] !== `Basic ${expected}`) {
      return failed(401, 'Unauthorized', 'Invalid API key');
    }
    const { keyOf, unavailable } = this.quirks;
    const level = path.startsWith('/organizations/') ? 'organization' : 'team';
    if (keyOf !== 'both' && keyOf !== level) {
      return failed(
        403,
        'Forbidden',
        `This endpoint takes a key of ${level === 'team' ? 'a team' : 'an organization'}`,
      );
    }
    const lacking = Object.entries(unavailable).find(([prefix]) => path.startsWith(prefix));
    if (lacking !== undefined) return refusal(lacking[1]);
    if (method !== 'GET' && WRITES.some((write) => path.startsWith(write))) this.writes.push(path);
    const found = findRoute(
      ROUTES.filter((route) => route.method === method),
      path,
    );
    if (found === undefined) return failed(404, 'Not Found', `Cannot ${method} ${path}`);
    try {
      return found.route.endpoint(this, call, found.id);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  failure(status: 429 | 500): Answer {
    return status === 429
      ? failed(429, 'Too Many Requests', 'Rate limit exceeded. Please try again later.')
      : failed(500, 'Internal Server Error', 'Something went wrong');
  }
}

function refusal(status: 401 | 403 | 404): Answer {
  if (status === 401) return failed(401, 'Unauthorized', 'Insufficient scope');
  if (status === 403) return failed(403, 'Forbidden', 'Enterprise access required');
  return failed(404, 'Not Found', 'Not Found');
}
