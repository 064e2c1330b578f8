import { fraction, hash, pick } from '../../../sandbox/random.ts';
import { uuid } from './ids.ts';
import { TEAM_NAMES, emailOf, fullName, numbered } from '../../../sandbox/names.ts';

export const ROLES = ['Admin', 'Manager', 'TeamLead', 'Member'] as const;
export type Role = (typeof ROLES)[number];

export type Organization = {
  id: string;
  name: string;
  samlEnabled?: boolean;
  smtpConfigured?: boolean;
  usernamePasswordEnabled?: boolean;
  oauthEnabled?: boolean;
  domains?: string[];
  planType?: string;
};

export type Team = { id: string; name: string; usersCount: number; isDefaultTeam: boolean };

export type User = {
  id: string;
  username: string;
  email: string;
  role: Role;
  verified: boolean;
  /** The object that `teams` holds too: a renamed team is renamed in its users. */
  team: Team | null;
  deactivatedAt: string | null;
  updatedAt: string;
};

export type Membership = { teamId: string; userId: string };

export type Directory = {
  organization: Organization;
  teams: Team[];
  users: User[];
  memberships: Membership[];
};

export type DirectoryOptions = {
  seed: number;
  users: number;
  teams: number;
  start: number;
  end: number;
};

/** An organization with its people, the same for the same options. */
export function generateDirectory(options: DirectoryOptions): Directory {
  const { seed } = options;
  const teams = Array.from({ length: options.teams }, (_, place) => generateTeam(seed, place));
  const users = Array.from({ length: options.users }, (_, place) =>
    generateUser(options, teams, place),
  );
  const memberships: Membership[] = [];
  for (const user of users) {
    if (user.team === null || user.deactivatedAt !== null) continue;
    memberships.push({ teamId: user.team.id, userId: user.id });
    user.team.usersCount += 1;
  }
  return { organization: generateOrganization(seed), teams, users, memberships };
}

function generateOrganization(seed: number): Organization {
  return {
    id: uuid(seed, 'organization', 0),
    name: 'Acme',
    samlEnabled: true,
    smtpConfigured: true,
    usernamePasswordEnabled: false,
    oauthEnabled: false,
    domains: ['acme.test'],
    planType: 'enterprise',
  };
}

function generateTeam(seed: number, place: number): Team {
  return {
    id: uuid(seed, 'team', place),
    name: numbered(pick(TEAM_NAMES, place), Math.floor(place / TEAM_NAMES.length)),
    usersCount: 0,
    isDefaultTeam: place === 0,
  };
}

function generateUser(options: DirectoryOptions, teams: Team[], place: number): User {
  const { seed, start, end } = options;
  const within = (kind: number): string =>
    new Date(Math.floor(start + fraction(seed + kind, place) * (end - start))).toISOString();
  const username = fullName(place);
  const deactivatedAt = place % 10 === 9 ? within(2) : null;
  return {
    id: uuid(seed, 'user', place),
    username,
    email: emailOf(username),
    role: place === 0 ? 'Admin' : generateRole(hash(seed + 3, place) % 100),
    verified: hash(seed + 4, place) % 20 !== 0,
    team: place % 17 === 16 ? null : pick(teams, hash(seed + 5, place)),
    deactivatedAt,
    updatedAt: deactivatedAt ?? within(6),
  };
}

function generateRole(percent: number): Role {
  if (percent < 4) return 'Admin';
  if (percent < 12) return 'Manager';
  return percent < 25 ? 'TeamLead' : 'Member';
}
