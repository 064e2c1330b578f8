import { fraction, hash } from '../../../sandbox/random.ts';
import { type Company, simpleUser } from './company.ts';

export type Seat = {
  assignee: object | null;
  organization: object | null;
  assigning_team: object | null;
  pending_cancellation_date: string | null;
  last_activity_at: string | null;
  last_activity_editor: string | null;
  last_authenticated_at: string | null;
  created_at: string;
  updated_at: string;
  plan_type: string;
};

/** A row per person and who gives the seat: one has two of them, and one row has no person yet. */
export function generateSeats(company: Company, seed: number, until: number): Seat[] {
  const { organization, people, teams } = company;
  const [team] = teams;
  const seats = people.map((person, place): Seat => {
    const used = until - Math.floor(fraction(seed + 31, place) * 40 * 86_400_000);
    const isUsed = hash(seed + 32, place) % 8 !== 0;
    return {
      assignee: simpleUser(person),
      organization: { login: organization.login, id: organization.id },
      assigning_team: null,
      pending_cancellation_date: null,
      last_activity_at: isUsed ? withOffset(used) : null,
      last_activity_editor: isUsed ? 'vscode/1.99.0/copilot/1.300.0' : null,
      last_authenticated_at: isUsed ? withOffset(used) : null,
      created_at: withOffset(until - 100 * 86_400_000),
      updated_at: withOffset(until - 100 * 86_400_000),
      plan_type: 'business',
    };
  });
  const [first] = seats;
  if (first !== undefined && team !== undefined) {
    seats.push({ ...first, assigning_team: { id: team.id, slug: team.slug, name: team.name } });
    seats.push({ ...first, assignee: null, last_activity_at: null });
  }
  return seats;
}

/** GitHub's own example has one. */
function withOffset(at: number): string {
  return `${new Date(at - 6 * 3_600_000).toISOString().slice(0, 19)}-06:00`;
}
