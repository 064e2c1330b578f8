import { hash, pick } from '../../../sandbox/random.ts';
import type { Organization, Team, User } from './directory.ts';

/** Who acts. The texts are the same actor with and without its optional parts. */
export type Actor = {
  readonly id: string;
  readonly email?: string;
  readonly texts: readonly string[];
  /** The beginning of the request object, the same in all of this actor's events. */
  readonly requestText: string;
};

/** What is acted upon. */
export type Resource = {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly email?: string;
};

/** A user as both, as they were when the history was made: a later renaming does not rewrite it. */
export type Person = {
  readonly actor: Actor;
  readonly resource: Resource;
  /** From then on the user does nothing more. */
  readonly goneAt: number;
};

const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];
const CLIENTS: readonly (readonly [clientId: string, userAgent: string])[] = [
  [
    '"console"',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0',
  ],
  ['"console"', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['"vscode"', 'Visual Studio Code/1.92.0 tabnine-vscode/3.130.0 (darwin; arm64)'],
  ['"jetbrains"', 'IntelliJ IDEA/2024.1.4 tabnine-intellij/1.118.0 (Windows 11)'],
  ['null', 'python-requests/2.32.3'],
];

/** Actors that are no user. */
export const SERVICE_ACTORS: readonly Actor[] = [
  service('system', '{"id":"system","type":"system"}', '192.0.2.1', 'tabnine-scheduler/6.2.0'),
  service(
    'key_provisioning',
    '{"id":"key_provisioning","type":"api_key","email":null,"displayName":"provisioning"}',
    '198.51.100.7',
    'scim-provisioner/2.4.1',
  ),
];

/** A user of the directory as an actor and a resource. */
export function personOf(user: User, seed: number, place: number): Person {
  const { id, email } = user;
  const [clientId, userAgent] = pick(CLIENTS, hash(seed + 11, place));
  const identity = `{"id":"${id}","type":"user","email":${JSON.stringify(email)}`;
  const named = `${identity},"displayName":${JSON.stringify(user.username)}}`;
  return {
    actor: {
      id,
      email,
      // Half of the events leave the name to the directory.
      texts: [named, `${identity},"displayName":null}`, named, `${identity}}`],
      requestText: requestText(
        `${pick(NETWORKS, hash(seed + 12, place))}.${1 + (hash(seed + 13, place) % 254)}`,
        userAgent,
        clientId,
      ),
    },
    resource: { ...resource(id, 'user', user.username), email },
    goneAt: user.deactivatedAt === null ? Infinity : Date.parse(user.deactivatedAt),
  };
}

/** A team as what an event is about. */
export function teamResource(team: Team): Resource {
  return resource(team.id, 'team', team.name);
}

/** The organization as what an event is about. */
export function organizationResource(organization: Organization): Resource {
  return resource(organization.id, 'organization', organization.name);
}

/** A role as what an event is about. */
export function roleResource(role: string): Resource {
  return resource(role, 'role', role);
}

function resource(id: string, type: string, name: string): Resource {
  return { id, type, text: `{"id":"${id}","type":"${type}","name":${JSON.stringify(name)}}` };
}

function service(id: string, text: string, ipAddress: string, userAgent: string): Actor {
  return { id, texts: [text], requestText: requestText(ipAddress, userAgent, 'null') };
}

function requestText(ipAddress: string, userAgent: string, clientId: string): string {
  return `"ipAddress":"${ipAddress}","userAgent":"${userAgent}","clientId":${clientId}`;
}
