import { emailOf, fullName, TEAM_NAMES } from '../../../sandbox/names.ts';
import { hash, pick } from '../../../sandbox/random.ts';

export type Member = {
  /** The number; as a text it is `user_…`. */
  id: number;
  name: string;
  email: string;
  role: 'owner' | 'member' | 'free-owner';
  isRemoved: boolean;
};

export type Group = { id: string; name: string; members: Member[] };

export type Blocked = { id: string; url: string; patterns: string[] };

/** The same people for the same seed. */
export function membersOf(seed: number, count: number): Member[] {
  return Array.from({ length: count }, (_, place) => {
    const name = fullName(place);
    return {
      id: 4_000_000 + (hash(seed, place) % 1000) * 1000 + place,
      name,
      email: emailOf(name),
      role: place === 0 ? 'owner' : place === 7 ? 'free-owner' : 'member',
      isRemoved: place % 10 === 9,
    };
  });
}

export function groupsOf(seed: number, members: readonly Member[], count: number): Group[] {
  return Array.from({ length: count }, (_, place) => ({
    id: `grp_${hash(seed + 1, place).toString(36)}`,
    name: pick(TEAM_NAMES, place),
    members: members.filter((member, n) => !member.isRemoved && n % count === place),
  }));
}

export function userId({ id }: Pick<Member, 'id'>): string {
  return `user_${id.toString(36).padStart(8, '0')}`;
}

export const BLOCKED: readonly Blocked[] = [
  { id: 'rb_1', url: 'https://git.acme.test/payments/vault', patterns: ['**'] },
  { id: 'rb_2', url: 'https://git.acme.test/platform/deploy', patterns: ['secrets/**', '*.pem'] },
];
