import { Refusal } from '../../../sandbox/answer.ts';
import type { Organization } from './directory.ts';
import { detail } from './errors.ts';
import type { Inquiry } from './state.ts';

/** The organization that the path names. An unknown one is refused as a lack of permission is. */
export function organizationOf({ state, id }: Inquiry): Organization {
  const found = state.organizations.find(({ org_id }) => org_id === id);
  if (found === undefined) {
    throw new Refusal(detail(403, 'You do not have access to this organization'));
  }
  return found;
}
