import type { Connection } from '../../extract/declaration.ts';
import type { Read } from '../../extract/reads.ts';
import { segment } from '../../extract/segment.ts';
import { SharedList } from '../../extract/shared-list.ts';
import { readList } from './client.ts';
import type { Options } from './options.ts';

export const ENTERPRISE = '/enterprises/{enterprise}';
export const ORGANIZATION = '/orgs/{org}';

/** What the streams of one account share. */
export type Session = Pick<Connection<Options>, 'client' | 'options' | 'now' | 'quirk'> & {
  /** Results of a fan-out that are under way or wait for their turn. */
  width: number;
  /** Whose log, Copilot and bills are read: the enterprise's, or where none is named the organization's. */
  account: { scope: 'enterprise' | 'organization'; name: string };
  teams: Teams;
  enterpriseTeams: Teams;
};

/** Teams are known by their ids, and asked about by their names. */
export type Teams = { list: SharedList; slugs: Map<string, string> };

export function openSession(connection: Connection<Options>): Session {
  const { client, options, concurrency, now, quirk } = connection;
  const { enterprise, organization = '' } = options;
  const teamsOf = (path: string): Teams => {
    const slugs = new Map<string, string>();
    const list = new SharedList(() =>
      readList(client, path, { id: ['id'], onRow: (row, key) => slugs.set(key, slugOf(row)) }),
    );
    return { list, slugs };
  };
  return {
    client,
    options,
    now,
    quirk,
    width: concurrency * 2,
    account:
      enterprise === undefined
        ? { scope: 'organization', name: organization }
        : { scope: 'enterprise', name: enterprise },
    teams: teamsOf(ofOrganization({ options }, '/teams')),
    enterpriseTeams: teamsOf(ofEnterprise({ options }, '/teams')),
  };
}

function slugOf(row: Buffer): string {
  const { slug } = JSON.parse(row.toString('utf8')) as { slug?: unknown };
  return typeof slug === 'string' ? slug : '';
}

/** A path of the account itself. */
export function ofAccount({ account }: Pick<Session, 'account'>, below: string): string {
  const base = account.scope === 'enterprise' ? '/enterprises' : '/orgs';
  return `${base}/${segment(account.name)}${below}`;
}

export function ofEnterprise({ options }: Pick<Session, 'options'>, below: string): string {
  return `/enterprises/${segment(options.enterprise ?? '')}${below}`;
}

export function ofOrganization({ options }: Pick<Session, 'options'>, below: string): string {
  return `/orgs/${segment(options.organization ?? '')}${below}`;
}

export const hasEnterprise = ({ options }: Session): boolean => options.enterprise !== undefined;
export const hasOrganization = ({ options }: Session): boolean =>
  options.organization !== undefined;

/** The endpoints of a stream that is read from the enterprise or, where none is configured, from the organization. */
export function eitherRead(below: string): { endpoint: string; reads: Read[] } {
  const paths = [`${ENTERPRISE}${below}`, `${ORGANIZATION}${below}`] as const;
  return { endpoint: paths[0], reads: paths.map((path) => ({ method: 'GET', path })) };
}
