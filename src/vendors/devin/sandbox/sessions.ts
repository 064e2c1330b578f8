import { fraction, hash, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';
import { repoAt } from './event-data.ts';
import { hex } from './ids.ts';

/** A session as it is served, and as a test may change it. */
export type Session = {
  /** Without the prefix `devin-` that paths and audit events have. */
  session_id: string;
  org_id: string;
  url: string;
  status: string;
  status_detail: string | null;
  title: string | null;
  tags: string[];
  created_at: number;
  updated_at: number;
  acus_consumed: number;
  pull_requests: { pr_url: string; pr_state: string | null }[];
  user_id: string | null;
  service_user_id: string | null;
  playbook_id: string | null;
  parent_session_id: string | null;
  child_session_ids: string[];
  origin: string;
  category: string | null;
  subcategory: string | null;
  structured_output: object | null;
  is_archived: boolean;
};

const STATES: readonly (readonly [status: string, detail: string | null])[] = [
  ['exit', 'finished'],
  ['exit', 'user_request'],
  ['suspended', 'inactivity'],
  ['running', 'working'],
  ['running', 'waiting_for_user'],
  ['suspended', 'usage_limit_exceeded'],
  ['error', 'error'],
  ['resuming', null],
  ['claimed', null],
  ['new', null],
];
const ORIGINS = ['webapp', 'slack', 'api', 'linear', 'jira', 'automation', 'cli', 'scheduled'];
const CATEGORIES = [
  'bug_fixing',
  'migrations_and_upgrades',
  'unit_test_generation',
  'security',
  null,
];
const PR_STATES = ['open', 'merged', 'closed', null];
/** Every so many-th session was in an organization that is deleted by now. */
const DELETED_EVERY = 15;
const HOUR = 3_600;

/** Sessions in the order in which they began. */
export function generateSessions(
  directory: Directory,
  count: number,
  { seed, start, end }: { seed: number; start: number; end: number },
): Session[] {
  return Array.from({ length: count }, (_, place) => {
    const created = Math.floor(
      start + ((place + fraction(seed + 81, place)) / count) * (end - start),
    );
    const actor = pick(directory.actors, hash(seed + 82, place));
    const deleted = directory.deletedOrganizations[0];
    const id = sessionId(seed, place);
    const [status, statusDetail] = pick(STATES, hash(seed + 83, place));
    return {
      session_id: id,
      org_id: place % DELETED_EVERY === 7 && deleted ? deleted.org_id : actor.orgId,
      url: `https://app.devin.ai/sessions/${id}`,
      status,
      status_detail: statusDetail,
      title: place % 9 === 8 ? null : `Upgrade of ${repoAt(seed, place)}`,
      tags: place % 4 === 0 ? ['backend', 'q3'] : [],
      created_at: created,
      updated_at: Math.min(
        Math.floor(end),
        created + Math.floor(fraction(seed + 84, place) * 30 * HOUR),
      ),
      acus_consumed: (hash(seed + 85, place) % 250_000) / 10_000,
      pull_requests: pullRequests(seed, place),
      user_id: actor.kind === 'user' ? actor.id : null,
      service_user_id: actor.kind === 'user' ? null : actor.id,
      playbook_id: place % 6 === 0 ? `playbook-${hex(seed, 'playbook', place % 3, 16)}` : null,
      parent_session_id: place % 20 === 11 ? sessionId(seed, place - 1) : null,
      child_session_ids: place % 20 === 10 && place + 1 < count ? [sessionId(seed, place + 1)] : [],
      origin: pick(ORIGINS, hash(seed + 86, place)),
      category: pick(CATEGORIES, hash(seed + 87, place)),
      subcategory: null,
      structured_output: place % 12 === 5 ? { passed: true, files: 3 } : null,
      is_archived: place % 10 === 9,
    };
  });
}

/** The id of the session at a place, without its prefix. */
export function sessionId(seed: number, place: number): string {
  return hex(seed, 'session', place, 32);
}

function pullRequests(seed: number, place: number): Session['pull_requests'] {
  return Array.from({ length: hash(seed + 88, place) % 3 }, (_, which) => ({
    pr_url: `https://github.com/${repoAt(seed, place)}/pull/${place * 3 + which + 1}`,
    pr_state: pick(PR_STATES, hash(seed + 89, place * 3 + which)),
  }));
}
