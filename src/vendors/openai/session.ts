import type { Connection } from '../../extract/declaration.ts';
import { SharedList } from '../../extract/shared-list.ts';
import { readList } from './client.ts';
import type { Options } from './options.ts';
import { ProjectList } from './project-list.ts';

const ORGANIZATION = '/v1/organization';

export const USERS = `${ORGANIZATION}/users`;
export const GROUPS = `${ORGANIZATION}/groups`;

/** The permissions of an admin key, which are given one by one. */
export const NEEDS = {
  audit: 'api.audit_logs.read',
  management: 'api.management.read',
  usage: 'api.usage.read',
} as const;

/** Where a log of ChatGPT is bound to: a type of the one is refused at the other. */
export type Place = 'workspaces' | 'organizations';

export type Log = { type: string; of: Place };

/** What the streams of one account share. */
export type Session = Pick<Connection<Options>, 'client' | 'options' | 'now' | 'quirk'> & {
  /** Results of a fan-out that are under way or wait for their turn. */
  width: number;
  /** Whose compliance logs are read; null where none are. */
  chatgpt: Record<Place, string | null> | null;
  projects: ProjectList;
  users: SharedList;
  groups: SharedList;
};

export function openSession(connection: Connection<Options>): Session {
  const { client, options, concurrency, now, quirk } = connection;
  return {
    client,
    options,
    now,
    quirk,
    width: concurrency * 2,
    chatgpt: options.parts.includes('chatgpt')
      ? {
          workspaces: options.workspace ?? null,
          organizations: options.chatgptOrganization ?? null,
        }
      : null,
    projects: new ProjectList(client),
    users: new SharedList(() => readList(client, USERS)),
    groups: new SharedList(() => readList(client, GROUPS)),
  };
}
