import { pick } from '../../../sandbox/random.ts';
import { ROLES } from './directory.ts';

/** What a kind of event is about. */
export type Target = 'user' | 'actor' | 'team' | 'role' | 'organization';

export type EventKind = {
  readonly eventType: string;
  readonly target: Target;
  /** Value changes as JSON members, one for each combination of team and role that a draw can fall on. */
  readonly values: readonly string[];
};

/** The values are JSON literals. */
type Change = { readonly field: string; readonly before?: string; readonly after?: string };

type ChangeNames = {
  readonly team: string;
  readonly otherTeam: string;
  readonly role: string;
  readonly otherRole: string;
};

type KindOfEvent = {
  readonly eventType: string;
  /** How many of a hundred events are of this kind. */
  readonly percent: number;
  readonly target: Target;
  readonly change: (names: ChangeNames) => Change;
};

/** The five event types that the vendor names, and likely ones of the categories that it only describes. */
const KINDS: readonly KindOfEvent[] = [
  {
    eventType: 'team_member.added',
    percent: 16,
    target: 'user',
    change: ({ team }) => ({ field: 'team', after: team }),
  },
  {
    eventType: 'team_member.removed',
    percent: 12,
    target: 'user',
    change: ({ team }) => ({ field: 'team', before: team }),
  },
  {
    eventType: 'team_member.updated',
    percent: 14,
    target: 'user',
    change: ({ team, otherTeam }) => ({ field: 'team', before: otherTeam, after: team }),
  },
  {
    eventType: 'role.assigned',
    percent: 16,
    target: 'role',
    change: ({ role, otherRole }) => ({ field: 'role', before: otherRole, after: role }),
  },
  {
    eventType: 'role.revoked',
    percent: 10,
    target: 'role',
    change: ({ role, otherRole }) => ({ field: 'role', before: role, after: otherRole }),
  },
  {
    eventType: 'user.login',
    percent: 15,
    target: 'actor',
    change: () => ({ field: 'session', before: '"none"', after: '"active"' }),
  },
  {
    eventType: 'user.logout',
    percent: 9,
    target: 'actor',
    change: () => ({ field: 'session', before: '"active"', after: '"none"' }),
  },
  {
    eventType: 'team.updated',
    percent: 4,
    target: 'team',
    change: ({ team, otherTeam }) => ({ field: 'name', before: otherTeam, after: team }),
  },
  {
    eventType: 'organization.settings_updated',
    percent: 4,
    target: 'organization',
    change: () => ({ field: 'samlEnabled', before: 'false', after: 'true' }),
  },
];

/** A hundred kinds of events among these teams, so that a number below a hundred picks one by weight. */
export function eventKinds(teams: readonly string[]): readonly EventKind[] {
  const draws = Array.from({ length: teams.length * ROLES.length }, (_, draw) => draw);
  return KINDS.flatMap(({ eventType, percent, target, change }) => {
    const values = draws.map((draw) => membersOf(change(namesAt(teams, draw))));
    return Array.from({ length: percent }, () => ({ eventType, target, values }));
  });
}

function namesAt(teams: readonly string[], draw: number): ChangeNames {
  return {
    team: JSON.stringify(pick(teams, draw)),
    otherTeam: JSON.stringify(pick(teams, draw + 1)),
    role: JSON.stringify(pick(ROLES, draw)),
    otherRole: JSON.stringify(pick(ROLES, draw + 1)),
  };
}

function membersOf({ field, before, after }: Change): string {
  const old = before === undefined ? '' : `,"oldValue":${before}`;
  const changed = after === undefined ? '' : `,"newValue":${after}`;
  return `"field":"${field}"${old}${changed}`;
}
