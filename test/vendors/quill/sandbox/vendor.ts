import { randomBytes } from 'node:crypto';
import { type Answer, type Call, json } from '../../../../src/sandbox/answer.ts';
import { noFaults } from '../../../../src/sandbox/faults.ts';
import { findRoute } from '../../../../src/sandbox/find-route.ts';
import type {
  Arrival,
  RequestRecord,
  SandboxOptions,
  SandboxVendor,
} from '../../../../src/sandbox/vendor.ts';

const DAY = 86_400_000;
const PAGE = 20;

export type Member = { id: string; name: string; email: string; role: string; state: string };
export type Event = { id: string; at: string; kind: string; by: object; on: object; more?: object };

/** A workspace of a tool that does not exist. All of it may be changed while it is being read. */
export class QuillVendor implements SandboxVendor {
  readonly token: string;
  readonly quirks = { gzip: false };
  readonly faults = noFaults();
  readonly requests: RequestRecord[] = [];
  onRequest: ((arrival: Arrival) => void | Promise<void>) | undefined;
  readonly workspace = 'acme';
  readonly members: Member[];
  readonly teams: { id: string; name: string }[];
  /** By team. */
  readonly membersOf = new Map<string, string[]>();
  /** Teams that have no policies answer 400. */
  readonly policies = new Map<string, { id: string; allow: string }[]>();
  readonly events: Event[] = [];
  readonly #now: () => number;

  constructor({
    token,
    events = 40,
    days = 2,
    now = Date.now,
    until = now(),
  }: SandboxOptions = {}) {
    this.token = token ?? `quill-${randomBytes(8).toString('hex')}`;
    this.#now = now;
    this.members = Array.from({ length: 5 }, (_, n) => ({
      id: `m-${n}`,
      name: `Member ${n}`,
      email: `member.${n}@acme.test`,
      role: n === 0 ? 'owner' : 'writer',
      state: n === 4 ? 'left' : 'here',
    }));
    this.teams = ['red', 'green', 'blue'].map((id) => ({ id, name: `Team ${id}` }));
    for (const [n, { id }] of this.teams.entries()) {
      this.membersOf.set(
        id,
        this.members.filter((_, i) => i % 3 === n).map((member) => member.id),
      );
      this.policies.set(id, [{ id: 'network', allow: n === 0 ? 'none' : 'all' }]);
    }
    for (let n = 0; n < events; n += 1) {
      this.log(`e-${n}`, until - ((events - n) * days * DAY) / (events + 1), 'session.opened');
    }
  }

  log(id: string, at: number, kind: string, more?: object): void {
    const by = this.members[0];
    this.events.push({
      id,
      at: new Date(at).toISOString(),
      kind,
      by: { id: by?.id, email: by?.email },
      on: { type: 'user', id: 'm-1' },
      ...(more === undefined ? {} : { more }),
    });
  }

  clock(): number {
    return this.#now();
  }

  answer(call: Call): Answer {
    if (call.headers['x-quill-key'] !== this.token) return refusal(401, 'no such key');
    if (call.query['workspace'] !== this.workspace) return refusal(404, 'no such workspace');
    const { method, path } = call;
    const found = findRoute(ROUTES, path);
    if (found === undefined) return refusal(404, 'no such endpoint');
    if (method !== (path === '/v1/costs/query' ? 'POST' : 'GET')) return refusal(405, 'not so');
    return found.route.endpoint(this, call, found.id);
  }

  failure(status: 429 | 500): Answer {
    return refusal(status, 'not now');
  }
}

type Route = {
  path: string;
  endpoint: (vendor: QuillVendor, call: Call, id: string) => Answer;
};

const ROUTES: readonly Route[] = [
  { path: '/v1/account', endpoint: () => json(200, { id: 'w-1', name: 'Acme' }) },
  { path: '/v1/audit', endpoint: audit },
  { path: '/v1/members', endpoint: members },
  { path: '/v1/teams', endpoint: teams },
  {
    path: '/v1/teams/{id}/members',
    endpoint: ({ membersOf }, _call, id) => {
      const list = membersOf.get(id);
      if (list === undefined) return refusal(404, 'no such team');
      return json(200, { members: list.map((member) => ({ id: member })) });
    },
  },
  {
    path: '/v1/teams/{id}/policies',
    endpoint: ({ policies }, _call, id) => {
      const list = policies.get(id);
      return list === undefined
        ? refusal(400, 'no policies set up')
        : json(200, { policies: list });
    },
  },
  { path: '/v1/costs/query', endpoint: costs },
];

function placeOf({ at, id }: Event): string {
  return `${at} ${id}`;
}

/** Newest first, whatever is asked. The token is the place of the last event, so that it does not move. */
function audit({ events }: QuillVendor, { query }: Call): Answer {
  const { since = '', until = '', page } = query;
  const rest = events
    .filter(({ at }) => at >= since && at < until)
    .filter((event) => page === undefined || placeOf(event) < page)
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
  const served = rest.slice(0, PAGE);
  const last = served.at(-1);
  const next = rest.length > PAGE && last !== undefined ? placeOf(last) : null;
  return json(200, { events: served, next_page: next }, served.length);
}

function members({ members: all }: QuillVendor, { query }: Call): Answer {
  const from = (Number(query['page'] ?? '1') - 1) * PAGE;
  return json(200, { members: all.slice(from, from + PAGE), total: all.length });
}

function teams({ teams: all, workspace }: QuillVendor, { query }: Call): Answer {
  const from = Number(query['from'] ?? '0');
  const answer = json(200, all.slice(from, from + 2));
  if (from + 2 >= all.length) return answer;
  const link = `<?workspace=${workspace}&from=${from + 2}>; rel="next"`;
  return { ...answer, headers: { link } };
}

function costs({ members: all }: QuillVendor, { body }: Call): Answer {
  const { member, from, to } = JSON.parse(body) as { member: string; from: string; to: string };
  const place = all.findIndex(({ id }) => id === member);
  if (place < 0) return refusal(404, 'no such member');
  const list: object[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += DAY) {
    const review = place / 2;
    const dollars = review + place;
    list.push({ day: new Date(at).toISOString().slice(0, 10), dollars, by_product: { review } });
  }
  return json(200, { costs: list });
}

function refusal(status: number, reason: string): Answer {
  return json(status, { error: { reason } });
}
