import { type Answer, json } from '../../../sandbox/answer.ts';
import { organizationOf } from './lookup.ts';
import { pageOf } from './paging.ts';
import { readInteger } from './parameters.ts';
import type { Inquiry } from './state.ts';
import type { Written } from './written.ts';

export function enterpriseNotes(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.written.enterpriseNotes);
}

export function enterprisePlaybooks(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.written.enterprisePlaybooks);
}

export const notes = ofOrganization('notes');
export const playbooks = ofOrganization('playbooks');
export const secrets = ofOrganization('secrets');

function ofOrganization(what: 'notes' | 'playbooks' | 'secrets'): (inquiry: Inquiry) => Answer {
  return (inquiry) => {
    const { org_id } = organizationOf(inquiry);
    const lists: Pick<Written, typeof what> = inquiry.state.written;
    return pageOf<object>(inquiry, lists[what].get(org_id) ?? []);
  };
}

/** By offset, as no other list. */
export function schedules(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  const all = state.written.schedules.get(organizationOf(inquiry).org_id) ?? [];
  const limit = readInteger(params, 'limit', 1, 100) ?? 50;
  const offset = readInteger(params, 'offset', 0) ?? 0;
  const items = all.slice(offset, offset + limit);
  const hasMore = offset + limit < all.length;
  return json(200, { items, has_next_page: hasMore, total: all.length }, items.length);
}

const REPOSITORIES_AT_MOST = 100;

/** What a connection can see: at most a hundred on a page. */
export function repositories(inquiry: Inquiry): Answer {
  const { state, id } = inquiry;
  const connection = state.holdings.gitConnections.find(
    ({ git_connection_id }) => git_connection_id === id,
  );
  const found = connection === undefined ? [] : state.holdings.repositories;
  const items = found.map((name, place) => ({
    provider_repository_id: String(place),
    git_connection_id: id,
    git_connection_host: connection?.host,
    repo_name: name,
    repo_path: `acme/${name}`,
    repo_description: null,
    repo_language: null,
    last_updated_at: Math.floor(state.clock() / 1000),
  }));
  return pageOf(inquiry, items, [], () => true, REPOSITORIES_AT_MOST);
}
