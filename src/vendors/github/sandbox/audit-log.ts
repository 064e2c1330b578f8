import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import { refusal } from './errors.ts';
import { type AuditEvent, compare } from './event-log.ts';
import type { GithubState } from './state.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** What is served without `created`. */
const THREE_MONTHS = 90 * DAY;
const KEPT = { web: 180 * DAY, git: 7 * DAY };

/** One page of the log, newest first unless asked otherwise, web events alone unless asked otherwise. */
export function auditLog(state: GithubState, call: Call): Answer {
  const { quirks } = state;
  const limited = countRequest(state);
  if (limited !== null) return limited;
  const include = call.query['include'] ?? 'web';
  const range = rangeOf(call.query['phrase'], state);
  if (range === null) return refusal(422, 'Validation Failed');
  const now = state.clock();
  const isServed = (event: AuditEvent): boolean => {
    const kind = event.action.startsWith('git.') ? 'git' : 'web';
    if (include !== 'all' && include !== kind) return false;
    return event['@timestamp'] >= now - KEPT[kind];
  };
  const events = state.events.between(range.from, range.to).filter(isServed);
  const isDescending = quirks.orderIgnored || call.query['order'] !== 'asc';
  if (isDescending) events.reverse();
  const position = positionIn(call.query['after']);
  const rest =
    position === null ? events : events.filter((event) => isPast(event, position, isDescending));
  const most = Math.min(100, quirks.pageCap, Number(call.query['per_page'] ?? '30'));
  const page = rest.slice(0, most);
  const answer = json(
    200,
    page.map((event) => served(event, state)),
    page.length,
  );
  const last = page.at(-1);
  if (last === undefined || rest.length <= most || quirks.noLinks) return answer;
  return { ...answer, headers: { link: linkTo(call, cursorOf(last), state) } };
}

function isPast(
  event: AuditEvent,
  position: { time: number; id: string },
  isDescending: boolean,
): boolean {
  const difference = compare(event, position);
  return isDescending ? difference < 0 : difference > 0;
}

/** Some events are of a list of organizations, and old ones say when they were recorded alone. */
function served(event: AuditEvent, { quirks }: GithubState): object {
  if (!quirks.organizationLists || event['_document_id'].charCodeAt(0) % 7 !== 0) return event;
  return { ...event, org: [event['org']], org_id: [event['org_id']] };
}

function linkTo({ path, base, params }: Call, cursor: string, state: GithubState): string {
  const next = new URLSearchParams(params);
  next.set('after', cursor);
  next.set('before', '');
  if (state.quirks.mangledLinks) {
    next.delete('phrase');
    next.set('phrase:2022-11-01', '');
  }
  // By its number, whatever name it was asked by.
  const { enterprise } = state.company;
  const numbered = path.replace(/^\/enterprises\/[^/]+/, `/enterprises/${enterprise.id}`);
  const url = `${base}${numbered}`;
  const first = new URLSearchParams(params);
  first.delete('after');
  return `<${url}?${next.toString()}>; rel="next", <${url}?${first.toString()}>; rel="first"`;
}

function cursorOf(event: AuditEvent): string {
  const position = `${event['@timestamp'].toExponential()}|${event['_document_id']}`;
  return Buffer.from(position).toString('base64');
}

function positionIn(cursor: string | undefined): { time: number; id: string } | null {
  if (cursor === undefined || cursor === '') return null;
  const [time = '', id = ''] = Buffer.from(cursor, 'base64').toString('utf8').split('|');
  return { time: Number(time), id };
}

/** The forms of `created` that are known to be understood. Null where it is none of them. */
function rangeOf(
  phrase: string | undefined,
  state: GithubState,
): { from: number; to: number } | null {
  const created = /(?:^|\s)created:(\S+)/.exec(phrase ?? '')?.[1];
  if (created === undefined) return { from: state.clock() - THREE_MONTHS, to: Infinity };
  const edge = state.quirks.boundsExclusive ? 1_000 : 0;
  const [from, to] = created.includes('..')
    ? created.split('..')
    : created.startsWith('>=')
      ? [created.slice(2), '9999-01-01']
      : created.startsWith('<=')
        ? ['0000-01-01', created.slice(2)]
        : [created, created];
  const [start, end] = [startOf(from ?? ''), endOf(to ?? '')];
  if (Number.isNaN(start) || Number.isNaN(end)) return null;
  return { from: start + edge, to: end - edge };
}

function startOf(text: string): number {
  return /\.\d/.test(text) ? Number.NaN : Date.parse(text);
}

/** A day is whole, and a second too. */
function endOf(text: string): number {
  return startOf(text) + (text.length === 10 ? DAY : 1_000) - 1;
}

/** Counts a request of the hour; a refusal once there are too many. */
function countRequest(state: GithubState): Answer | null {
  const { quirks, hour } = state;
  const now = state.clock();
  if (now >= hour.resetAt) Object.assign(hour, { used: 0, resetAt: now + HOUR });
  hour.used += 1;
  if (hour.used <= quirks.hourlyLimit) return null;
  return refusal(403, 'API rate limit exceeded for user ID 1.', {
    'x-ratelimit-limit': String(quirks.hourlyLimit),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(hour.resetAt / 1000)),
    'x-ratelimit-resource': 'audit_log',
  });
}
