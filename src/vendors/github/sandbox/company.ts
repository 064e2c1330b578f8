import { emailOf, fullName, TEAM_NAMES } from '../../../sandbox/names.ts';
import { hash, pick } from '../../../sandbox/random.ts';

export type Person = { id: number; login: string; email: string; name: string; isOwner: boolean };
export type Team = { id: number; slug: string; name: string; members: number[] };

export type Company = {
  enterprise: { id: number; slug: string };
  organization: { id: number; login: string };
  people: Person[];
  teams: Team[];
  enterpriseTeams: Team[];
  costCenters: { id: string; name: string; state: string; resources: object[] }[];
};

/** An enterprise with one organization; the same for the same seed. */
export function generateCompany(seed: number, users: number, teams: number): Company {
  const people = Array.from({ length: users }, (_, place): Person => {
    const name = fullName(place);
    const email = emailOf(name);
    const login = `${email.replace(/@.*/, '').replaceAll('.', '-')}_acme`;
    return { id: 5_000_000 + place * 17 + (seed % 10), login, email, name, isOwner: place < 2 };
  });
  return {
    enterprise: { id: 13_827, slug: 'acme' },
    organization: { id: 90_210, login: 'acme-eng' },
    people,
    teams: teamsOf(700, teams, people, seed),
    enterpriseTeams: teamsOf(900, 1, people, seed + 1),
    costCenters: ['platform', 'retired'].map((name, place) => ({
      id: `cc-${seed}-${place}`,
      name,
      state: place === 0 ? 'active' : 'deleted',
      resources: [],
    })),
  };
}

function teamsOf(first: number, count: number, people: readonly Person[], seed: number): Team[] {
  return Array.from({ length: count }, (_, place) => {
    const name = pick(TEAM_NAMES, place);
    const slug = name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
    const members = people.filter(({ id }) => hash(seed + place, id) % count === 0);
    return { id: first + place, slug: `${slug}-${first + place}`, name, members: ids(members) };
  });
}

function ids(people: readonly Person[]): number[] {
  return people.map(({ id }) => id);
}

/** As lists have a person. */
export function simpleUser({ id, login }: Person): object {
  return { login, id, node_id: `U_${id}`, type: 'User', site_admin: false };
}
