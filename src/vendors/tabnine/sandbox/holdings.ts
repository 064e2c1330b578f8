import { fraction, hash, pick } from '../../../sandbox/random.ts';
import { type Directory, ROLES, type Team } from './directory.ts';
import { uuid } from './ids.ts';

const DAY = 86_400_000;

export type Invitation = {
  id: string;
  email: string;
  teamId: string;
  role: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
};

export type Repository = {
  repository_link: string;
  repo_type: 'git' | 'perforce';
  authentication_method?: 'ssh' | 'https';
  authentication_credentials_name?: string;
  view_source_link_pattern?: string;
  latest_status: 'pending' | 'cloning' | 'indexing' | 'success' | 'failed';
  last_indexed_successfully: string | null;
};

export type License = {
  /** Unix seconds, as is `iat`. */
  exp: number;
  iat: number;
  seats: number;
  seatsCap: number;
  audience: string;
  features: string[];
  settings: Record<string, unknown>;
};

type Times = { readonly seed: number; readonly start: number; readonly end: number };

/** Invitations of the last two weeks, one for every twenty users. One in six was revoked. */
export function generateInvitations(
  { users, teams }: Directory,
  { seed, end }: Times,
): Invitation[] {
  return Array.from({ length: Math.ceil(users.length / 20) }, (_, place) => {
    const created = Math.floor(end - fraction(seed + 61, place) * 14 * DAY);
    const revoked = place % 6 === 5 ? created + Math.floor((end - created) / 2) : null;
    return {
      id: uuid(seed, 'invitation', place),
      email: `invited.${place + 1}@acme.test`,
      teamId: pick(teams, hash(seed + 62, place)).id,
      role: pick(ROLES, 3 - (hash(seed + 63, place) % 2)),
      createdAt: new Date(created).toISOString(),
      expiresAt: place % 4 === 3 ? null : new Date(created + 30 * DAY).toISOString(),
      revokedAt: revoked === null ? null : new Date(revoked).toISOString(),
    };
  });
}

/** None to three repositories for each team. */
export function generateRepositories(
  teams: readonly Team[],
  times: Times,
): Map<string, Repository[]> {
  return new Map(
    teams.map(({ id }, place) => {
      const count = hash(times.seed + 64, place) % 4;
      return [id, Array.from({ length: count }, (_, row) => repository(place, row, times))];
    }),
  );
}

function repository(team: number, row: number, { seed, end }: Times): Repository {
  const name = `service-${team + 1}-${row + 1}`;
  const indexed = new Date(Math.floor(end - fraction(seed + 65, team * 4 + row) * DAY));
  if (row === 2) {
    const link = `perforce.acme.test:1666//depot/${name}`;
    // Not indexed yet.
    const index = { latest_status: 'pending', last_indexed_successfully: null } as const;
    return { repository_link: link, repo_type: 'perforce', ...index };
  }
  return {
    repository_link:
      row === 0
        ? `https://git.acme.test/platform/${name}.git`
        : `git@git.acme.test:platform/${name}.git`,
    repo_type: 'git',
    authentication_method: row === 0 ? 'https' : 'ssh',
    authentication_credentials_name: 'indexing',
    view_source_link_pattern: `https://git.acme.test/platform/${name}/blob/{commit}/{path}`,
    latest_status: 'success',
    last_indexed_successfully: indexed.toISOString(),
  };
}

/** A licence from before the history until a year after it. */
export function generateLicense(users: number, { start, end }: Times): License {
  return {
    exp: Math.floor((end + 365 * DAY) / 1000),
    iat: Math.floor((start - 30 * DAY) / 1000),
    seats: Math.ceil(users / 50) * 50,
    seatsCap: Math.ceil(users / 50) * 55,
    audience: 'acme',
    features: ['completions', 'chat', 'agent'],
    settings: { ssoEnabled: true },
  };
}
