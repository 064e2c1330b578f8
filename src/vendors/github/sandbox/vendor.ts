import { randomBytes } from 'node:crypto';
import type { Answer, Call } from '../../../sandbox/answer.ts';
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
import { breakIn } from './break-in.ts';
import { type Company, generateCompany } from './company.ts';
import { notFound, refusal } from './errors.ts';
import { EventLog } from './event-log.ts';
import { generateEvents } from './generated-events.ts';
import { defaultQuirks } from './quirks.ts';
import { reportFile } from './reports.ts';
import { type Route, routesOf } from './routes.ts';
import { type AgentTask, generateTasks } from './agents.ts';
import { generateSeats, type Seat } from './seats.ts';
import type { GithubState } from './state.ts';

const DAY = 86_400_000;

/** GitHub refuses versions that it does not have. */
const VERSIONS = new Set(['2022-11-28', '2026-03-10']);

export type GithubOptions = SandboxOptions & { users?: number; teams?: number };

/** GitHub with an enterprise and its organization. All of it may be changed while it is being read. */
export class GithubVendor implements GithubState, SandboxVendor {
  readonly token: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly company: Company;
  readonly events: EventLog;
  readonly seats: Seat[];
  readonly tasks: Map<string, AgentTask[]>;
  readonly seed: number;
  readonly files = new Map<string, () => string>();
  readonly hour = { used: 0, resetAt: 0 };
  readonly quirks = defaultQuirks();
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly #now: () => number;
  readonly #routes: Route[];

  constructor(options: GithubOptions = {}) {
    const { seed = 1, events = 3_000, days = 30, users = 20, teams = 3 } = options;
    const { now = Date.now, until = now(), demo = false } = options;
    this.token = options.token ?? `sandbox-github-${randomBytes(8).toString('hex')}`;
    this.seed = seed;
    this.#now = now;
    this.company = generateCompany(seed, users, teams);
    const { enterprise, organization } = this.company;
    this.variables = { GITHUB_ENTERPRISE: enterprise.slug, GITHUB_ORG: organization.login };
    const history = eventTimes(events, until - days * DAY, until, seed);
    const perDay = Math.ceil(events / days);
    const times = demo ? continued(history, { until, now: now(), perDay, seed }) : history;
    this.events = new EventLog(generateEvents(times, this.company, { seed, demo }));
    this.seats = generateSeats(this.company, seed, until);
    this.tasks = generateTasks(seed, this.company, until);
    this.#routes = routesOf(this);
    if (demo) breakIn(this, until);
  }

  clock(): number {
    return this.#now();
  }

  answer(call: Call): Answer {
    if (call.path.startsWith('/report-files/')) return reportFile(this, call);
    if (call.method !== 'GET') return refusal(404, 'Not Found');
    if (call.headers['user-agent'] === undefined) return refusal(403, 'Request forbidden');
    if (call.headers['authorization'] !== `Bearer ${this.token}`) {
      return refusal(401, 'Bad credentials');
    }
    const version = call.headers['x-github-api-version'];
    if (typeof version !== 'string' || !VERSIONS.has(version)) {
      return refusal(400, `${String(version)} is not a supported API version`);
    }
    const lacking = Object.entries(this.quirks.unavailable).find(([prefix]) =>
      call.path.startsWith(prefix),
    );
    if (lacking !== undefined) {
      return lacking[1] === '404' ? notFound() : refusal(403, 'Must have admin rights');
    }
    if (this.quirks.ssoRequired && call.path.startsWith('/orgs/')) {
      const message = 'Resource protected by organization SAML enforcement.';
      return refusal(403, message, { 'x-github-sso': 'required; url=https://github.com/sso' });
    }
    const found = findRoute(this.#routes, call.path);
    return found === undefined ? notFound() : found.route.endpoint(this, call, found.id);
  }

  failure(status: 429 | 500): Answer {
    return refusal(status, status === 429 ? 'Too many requests' : 'Server Error');
  }
}
