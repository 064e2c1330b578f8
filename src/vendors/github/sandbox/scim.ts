import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import type { GithubState } from './state.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** People as an identity provider has them. The last ones of the company are suspended, as many as the quirk says. */
export function scimUsers({ company, quirks }: GithubState, call: Call): Answer {
  const { people } = company;
  const first = people.length - quirks.suspended;
  const all = people.map(({ id, name, email }, place) => {
    const [givenName, ...rest] = name.split(' ');
    return {
      schemas: [USER],
      // Of its own in each place that provisions.
      id: `5fc0c238-1112-11e8-${call.path.length}00-${String(id).padStart(12, '0')}`,
      externalId: `00u${id}`,
      userName: email,
      displayName: name,
      name: { givenName, familyName: rest.join(' ') },
      emails: [{ value: email, primary: true, type: 'work' }],
      active: place < first,
      groups: [],
      meta: { resourceType: 'User', lastModified: '2026-01-26T19:06:43Z' },
    };
  });
  const startIndex = Math.max(1, Number(call.query['startIndex'] ?? '1'));
  const asked = Number(call.query['count'] ?? '30');
  const some = all.slice(startIndex - 1, startIndex - 1 + Math.min(quirks.scimPage, asked));
  const totals = quirks.scimTotals ? { totalResults: all.length } : {};
  const body = {
    schemas: [LIST],
    ...totals,
    startIndex,
    itemsPerPage: some.length,
    Resources: some,
  };
  return json(200, body, some.length);
}
