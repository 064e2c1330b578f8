import { type Answer, json } from '../../../sandbox/answer.ts';
import { organizationOf } from './lookup.ts';
import { pageOf } from './paging.ts';
import type { Inquiry } from './state.ts';

/** The connections to git providers. */
export function gitConnections(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.holdings.gitConnections);
}

/** What an organization may read and write. */
export function gitPermissions(inquiry: Inquiry): Answer {
  const { org_id } = organizationOf(inquiry);
  return pageOf(inquiry, inquiry.state.holdings.gitPermissions.get(org_id) ?? []);
}

/** The networks from which the enterprise may be used. */
export function ipAccessList({ state }: Inquiry): Answer {
  return json(200, { ip_ranges: state.holdings.ipRanges }, state.holdings.ipRanges.length);
}

/** Groups of organizations that share a limit, by name. */
export function orgGroupLimits({ state }: Inquiry): Answer {
  return json(200, { groups: state.holdings.orgGroupLimits }, 1);
}

/** The machines of a private installation. */
export function hypervisors(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.holdings.hypervisors);
}

/** How many sessions wait for a machine. */
export function queue({ state }: Inquiry): Answer {
  return json(200, state.holdings.queue, 1);
}
