import type { Answer } from '../../../sandbox/answer.ts';
import { pageOf } from './paging.ts';
import { readChoice, readFlag, readInteger, readList } from './parameters.ts';
import { isWithin } from './quirks.ts';
import type { Session } from './sessions.ts';
import type { Inquiry } from './state.ts';

const BOUNDS = ['created_after', 'created_before', 'updated_after', 'updated_before'];
const LISTS = ['org_ids', 'user_ids', 'service_user_ids', 'session_ids', 'tags', 'origins'];
const SINGLE = ['playbook_id', 'category', 'is_archived', 'include_deleted_orgs'];
const PARAMETERS = [...BOUNDS, ...LISTS, ...SINGLE];

/** Sessions of all organizations; those of deleted ones only if they are asked for. There is no parameter for the order. */
export function sessions(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  const existing = new Set(state.organizations.map(({ org_id }) => org_id));
  const withDeleted = readFlag(params, 'include_deleted_orgs');
  const timely = readTimes(inquiry);
  const named = readNames(params);
  return pageOf(
    inquiry,
    state.sessions,
    PARAMETERS,
    (session) => (withDeleted || existing.has(session.org_id)) && timely(session) && named(session),
  );
}

function readTimes({ params, state }: Inquiry): (session: Session) => boolean {
  const [createdAfter, createdBefore, updatedAfter, updatedBefore] = BOUNDS.map((name) =>
    readInteger(params, name),
  );
  return ({ created_at, updated_at }) =>
    isWithin(created_at, createdAfter, createdBefore, state.quirks) &&
    isWithin(updated_at, updatedAfter, updatedBefore, state.quirks);
}

function readNames(params: URLSearchParams): (session: Session) => boolean {
  const orgs = readList(params, 'org_ids');
  const users = readList(params, 'user_ids');
  const serviceUsers = readList(params, 'service_user_ids');
  // Ids are taken with and without the prefix.
  const ids = readList(params, 'session_ids')?.map((id) => id.replace(/^devin-/, ''));
  const tags = readList(params, 'tags');
  const origins = readList(params, 'origins');
  const playbook = params.get('playbook_id');
  const category = params.get('category');
  const archived = readChoice(params, 'is_archived', ['true', 'false']);
  return (session) =>
    isAmong(session.org_id, orgs) &&
    isAmong(session.user_id, users) &&
    isAmong(session.service_user_id, serviceUsers) &&
    isAmong(session.session_id, ids) &&
    isAmong(session.origin, origins) &&
    (tags === undefined || session.tags.some((tag) => tags.includes(tag))) &&
    (playbook === null || session.playbook_id === playbook) &&
    (category === null || session.category === category) &&
    (archived === undefined || session.is_archived === (archived === 'true'));
}

function isAmong(value: string | null, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}
