import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { segment } from '../../extract/segment.ts';
import type { Page } from '../../model.ts';
import { type List, readList } from './client.ts';
import {
  ENTERPRISE,
  hasEnterprise,
  hasOrganization,
  ofEnterprise,
  ofOrganization,
  ORGANIZATION,
  type Session,
  type Teams,
} from './session.ts';

/** Eight characters are a part of a token, and tell it from others as well when they are hidden. */
export const TOKEN_ENDS: Redaction = {
  name: 'github-token-ends-1',
  hides: 'the last characters of a token',
  texts: [{ path: '*.token_last_eight' }],
};

const MEMBER = 'read:org';
const APP = 'a GitHub App with "Personal access tokens: read"';
const OWNER = 'read:org, of an owner';

/** People, teams and what they hold. */
export const directory: readonly Stream<Session>[] = [
  {
    ...ofOrg('members', '/members', 'people of the organization', MEMBER, { id: ['id'] }),
    maps: { entity: 'directory.sql', grant: 'member-grants.sql' },
  },
  {
    // A member does not say what role it has.
    ...ofOrg('owners', '/members', 'owners of the organization', MEMBER, {
      id: ['id'],
      query: { role: 'admin' },
    }),
    maps: { entity: 'directory.sql', grant: 'member-grants.sql' },
  },
  {
    name: 'teams',
    kind: 'snapshot',
    brings: 'teams of the organization',
    endpoint: `${ORGANIZATION}/teams`,
    needs: MEMBER,
    maps: { entity: 'directory.sql' },
    wanted: hasOrganization,
    open: ({ teams }) => ({ read: () => teams.list.pages() }),
  },
  {
    ...perTeam('team-members', `${ORGANIZATION}/teams/{team_slug}/members`, (s) => s.teams),
    brings: 'who is in which team, those of its child teams among them',
    needs: MEMBER,
    wanted: hasOrganization,
  },
  ofOrg('pat-grants', '/personal-access-tokens', 'fine-grained tokens and what they may do', APP, {
    id: ['id'],
  }),
  ofOrg(
    'credential-authorizations',
    '/credential-authorizations',
    'tokens and keys that are authorised for single sign-on',
    OWNER,
    { id: ['credential_id'], redaction: TOKEN_ENDS },
  ),
  ofOrg('app-installations', '/installations', 'installed apps and what they may do', OWNER, {
    id: ['id'],
    list: 'installations',
  }),
  ofOrg('external-groups', '/external-groups', 'groups of the identity provider', OWNER, {
    id: ['group_id'],
    list: 'groups',
  }),
  {
    name: 'enterprise-teams',
    kind: 'snapshot',
    brings: 'teams of the enterprise',
    endpoint: `${ENTERPRISE}/teams`,
    needs: 'read:enterprise',
    maps: { entity: 'directory.sql' },
    wanted: hasEnterprise,
    open: ({ enterpriseTeams }) => ({ read: () => enterpriseTeams.list.pages() }),
  },
  {
    ...perTeam(
      'enterprise-team-members',
      `${ENTERPRISE}/teams/{team_slug}/memberships`,
      (s) => s.enterpriseTeams,
    ),
    brings: 'who is in which team of the enterprise',
    needs: 'read:enterprise',
    wanted: hasEnterprise,
  },
  {
    name: 'consumed-licenses',
    kind: 'snapshot',
    brings: 'people of the enterprise with their names, addresses, SAML names and roles',
    endpoint: `${ENTERPRISE}/consumed-licenses`,
    needs: 'read:enterprise, of an owner',
    maps: { entity: 'directory.sql', grant: 'license-grants.sql' },
    wanted: hasEnterprise,
    open: (session) => ({
      read: () =>
        readList(session.client, ofEnterprise(session, '/consumed-licenses'), {
          // There is no id; who has no account at github.com yet has an address only.
          id: ['github_com_login', 'visual_studio_subscription_email'],
          list: 'users',
        }),
    }),
  },
];

function ofOrg(
  name: string,
  below: string,
  brings: string,
  needs: string,
  list: List,
): Stream<Session> {
  return {
    name,
    kind: 'snapshot',
    brings,
    endpoint: `${ORGANIZATION}${below}`,
    needs,
    maps: { entity: 'directory.sql' },
    wanted: hasOrganization,
    open: (session) => ({
      read: () => readList(session.client, ofOrganization(session, below), list),
    }),
  };
}

function perTeam(
  name: string,
  endpoint: string,
  teamsOf: (session: Session) => Teams,
): Omit<Stream<Session>, 'brings'> {
  return {
    name,
    kind: 'snapshot',
    endpoint,
    maps: { entity: 'directory.sql', membership: 'memberships.sql' },
    open: (session) => ({
      async *read() {
        const { client, width, quirk, options } = session;
        const { list, slugs } = teamsOf(session);
        const path = endpoint
          .replace('{enterprise}', segment(options.enterprise ?? ''))
          .replace('{org}', segment(options.organization ?? ''));
        yield* fanOut(await list.ids(), { endpoint, width, quirk }, async (team_id) => {
          const slug = segment(slugs.get(team_id) ?? team_id);
          const pages: Page[] = [];
          for await (const page of readList(client, path.replace('{team_slug}', slug), {
            id: ['id'],
          })) {
            const records = page.records.map((one) => ({ ...one, key: `${team_id}/${one.key}` }));
            pages.push({ ...page, records, note: { ...page.note, context: { team_id } } });
          }
          return pages;
        });
      },
    }),
  };
}
