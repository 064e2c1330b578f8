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
import { isOfTenant } from './audit-logs.ts';
import { breakIn } from './break-in.ts';
import { type Directory, generateDirectory } from './directory.ts';
import { failed, lacking } from './errors.ts';
import { EventLog } from './event-log.ts';
import { eventAt, typesOf } from './generated-events.ts';
import { complianceLogs, type LogState, storedFile } from './log-endpoints.ts';
import { generateLogFiles, type LogFile } from './log-files.ts';
import { defaultQuirks } from './quirks.ts';
import { ROUTES, type Scope, SCOPES } from './routes.ts';
import type { OpenaiState } from './state.ts';
import { UsageBook } from './usage-book.ts';

const TOKEN_PREFIX = 'sk-admin-';
const DAY = 86_400_000;

/** In the middle of a history so many events share a second: more than a page can hold. */
const BURST = 150;

export type OpenaiOptions = SandboxOptions & { users?: number; projects?: number };

/** An organization with its data and its whims. All of it may be changed while it is being read. */
export class OpenaiVendor implements OpenaiState, LogState, SandboxVendor {
  readonly token: string;
  /** As if the key had been revoked: 401 everywhere. */
  tokenRefused = false;
  /** What the key may do. Taking one away shuts the endpoints that need it. */
  readonly scopes = new Set<Scope>(SCOPES);
  readonly directory: Directory;
  readonly events = new EventLog();
  readonly tenantEvents = new EventLog();
  readonly usage: UsageBook;
  /** The compliance logs of its ChatGPT workspace. */
  readonly logFiles: LogFile[];
  readonly workspace = '7b0a1c9e-0000-4000-8000-0000000000ac';
  readonly signatures = new Map<string, LogFile>();
  readonly quirks = defaultQuirks();
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  /** Called before each answer, so that a test can change the data in the middle of a listing. */
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly #now: () => number;

  constructor(options: OpenaiOptions = {}) {
    const { seed = 1, events = 2_000, days = 200, users = 20, projects = 4 } = options;
    const { now = Date.now, until = now(), demo = false } = options;
    this.token = options.token ?? `${TOKEN_PREFIX}sandbox${randomBytes(8).toString('hex')}`;
    this.#now = now;
    const start = until - days * DAY;
    const startSeconds = Math.floor(start / 1000);
    this.directory = generateDirectory({ seed, users, projects, start: startSeconds });
    this.logFiles = generateLogFiles(this.directory, {
      seed,
      start,
      until,
      workspace: this.workspace,
    });
    this.usage = new UsageBook(seed, startSeconds, this.directory);
    const typeOf = typesOf({ seed, demo });
    for (const [place, time] of timesOf({
      events,
      days,
      start,
      until,
      seed,
      demo,
      now,
    }).entries()) {
      this.add(eventAt({ seed, place, type: typeOf(place) }, time, this.directory));
    }
    if (demo) breakIn(this, until);
  }

  /** An event of either half of the log. */
  add(event: Parameters<EventLog['add']>[0]): void {
    (isOfTenant(event.type) ? this.tenantEvents : this.events).add(event);
  }

  clock(): number {
    return this.#now() + this.quirks.dateHeaderSkewMs;
  }

  seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  answer(call: Call): Answer {
    const answer = this.#answer(call);
    if (!this.quirks.organizationHeader || answer.status === 401) return answer;
    return { ...answer, headers: { ...answer.headers, 'openai-organization': 'acme' } };
  }

  #answer(call: Call): Answer {
    const { method, path, params, headers } = call;
    const stored = storedFile(this, call);
    if (stored !== null) return stored;
    if (method !== 'GET') return failed(405, `Method ${method} is not allowed.`);
    if (this.tokenRefused || headers['authorization'] !== `Bearer ${this.token}`) {
      return failed(401, 'Incorrect API key provided.');
    }
    const { unavailable, errors } = this.quirks;
    const lost = Object.entries(unavailable).find(([prefix]) => path.startsWith(prefix));
    if (lost !== undefined) return failed(Number(lost[1]), 'Not available to your organization.');
    const logs = complianceLogs(this, call);
    if (logs !== null) return logs;
    const found = findRoute(ROUTES, path);
    if (found === undefined) return failed(404, `Invalid URL (GET ${path})`);
    const { needs, endpoint } = found.route;
    if (!this.scopes.has(needs)) return lacking(needs, errors);
    try {
      return endpoint({ state: this, params, id: found.id, other: found.other });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  failure(status: 429 | 500): Answer {
    return failed(status, status === 429 ? 'Rate limit reached.' : 'The server had an error.');
  }
}

type History = Required<
  Pick<SandboxOptions, 'events' | 'days' | 'until' | 'seed' | 'demo' | 'now'>
>;

/** In whole seconds, ascending. */
function timesOf({ events, days, start, until, seed, demo, now }: History & { start: number }) {
  const times = eventTimes(events, start, until, seed);
  const first = Math.floor(events / 2);
  const end = first + Math.min(BURST, Math.floor(events / 4));
  times.fill(times[first] ?? start, first, end);
  const perDay = Math.ceil(events / days);
  const all = demo ? continued(times, { until, now: now(), perDay, seed }) : times;
  return all.map((time) => Math.floor(time / 1000));
}
