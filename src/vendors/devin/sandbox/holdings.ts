import { fraction, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';
import { hex } from './ids.ts';

type GitConnection = {
  git_connection_id: string;
  git_provider_type: string;
  name: string | null;
  host: string;
  created_at: number;
};

type GitPermission = {
  git_permission_id: string;
  git_connection_id: string;
  repo_path?: string;
  prefix_path?: string;
  group_prefix?: string;
  read_only: boolean;
  created_at?: number;
};

type AcuLimit = {
  scope: 'enterprise' | 'org' | 'user';
  cycle_acu_limit: number;
  org_id: string | null;
  user_id: string | null;
};

type Hypervisor = { hypervisor_id: string; status: string; utilization_percentage: number };

/** What an enterprise has besides people and work. */
export type Holdings = {
  /** By organization. */
  readonly tags: Map<string, string[]>;
  readonly gitConnections: GitConnection[];
  /** Their names; every connection sees the same. */
  readonly repositories: string[];
  /** By organization. */
  readonly gitPermissions: Map<string, GitPermission[]>;
  readonly ipRanges: string[];
  readonly orgGroupLimits: Record<string, { org_ids: string[]; max_cycle_acus: number | null }>;
  readonly hypervisors: Hypervisor[];
  readonly queue: { queue_size: number; status: 'normal' | 'elevated' | 'high' };
  readonly acuLimits: AcuLimit[];
};

const CONNECTIONS: readonly (readonly [type: string, name: string | null, host: string])[] = [
  ['github_app', 'acme', 'github.com'],
  ['gitlab_oauth', null, 'gitlab.acme.test'],
  ['azure_devops_oauth', 'acme-azure', 'dev.azure.com'],
];

/** The first holdings of an enterprise, the same for the same seed. */
export function generateHoldings(seed: number, directory: Directory, start: number): Holdings {
  const { organizations, actors } = directory;
  const gitConnections = CONNECTIONS.map(([git_provider_type, name, host], place) => ({
    git_connection_id: `git-connection-${hex(seed, 'connection', place, 16)}`,
    git_provider_type,
    name,
    host,
    created_at: Math.floor(start - fraction(seed + 71, place) * 8_640_000),
  }));
  const half = organizations.slice(0, Math.ceil(organizations.length / 2));
  return {
    tags: new Map(organizations.map(({ org_id }, place) => [org_id, ['backend', `team-${place}`]])),
    gitConnections,
    repositories: ['payments', 'web', 'infrastructure'],
    gitPermissions: new Map(
      organizations.map(({ org_id }, place) => [
        org_id,
        gitPermissions(seed, place, pick(gitConnections, place)),
      ]),
    ),
    ipRanges: ['192.0.2.0/24', '2001:db8::/32'],
    orgGroupLimits: {
      Product: { org_ids: half.map(({ org_id }) => org_id), max_cycle_acus: 5_000 },
      Unlimited: { org_ids: [], max_cycle_acus: null },
    },
    hypervisors: [
      { hypervisor_id: 'hypervisor-1', status: 'healthy', utilization_percentage: 41.5 },
    ],
    queue: { queue_size: 0, status: 'normal' },
    acuLimits: [
      { scope: 'enterprise', cycle_acu_limit: 20_000, org_id: null, user_id: null },
      ...half.map(({ org_id }) => limit('org', 2_000, org_id, null)),
      ...actors.slice(0, 1).map(({ id }) => limit('user', 250, null, id)),
    ],
  };
}

function gitPermissions(seed: number, place: number, connection: GitConnection): GitPermission[] {
  const of = { git_connection_id: connection.git_connection_id };
  const id = (which: number): string =>
    `git-permission-${hex(seed, 'permission', place * 2 + which, 16)}`;
  return [
    { git_permission_id: id(0), ...of, repo_path: 'acme/payments', read_only: false },
    {
      git_permission_id: id(1),
      ...of,
      prefix_path: 'acme/',
      read_only: true,
      created_at: connection.created_at,
    },
  ];
}

function limit(
  scope: AcuLimit['scope'],
  cycle_acu_limit: number,
  org_id: string | null,
  user_id: string | null,
): AcuLimit {
  return { scope, cycle_acu_limit, org_id, user_id };
}
