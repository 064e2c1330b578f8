import type { Membership, Organization, Team, User } from './directory.ts';
import type { EventLog } from './event-log.ts';
import type { Invitation, License, Repository } from './holdings.ts';
import type { Quirks } from './quirks.ts';
import type { Usage } from './usage/usage.ts';

/** What the endpoints read. */
export type TabnineState = {
  readonly organization: Organization;
  readonly teams: Team[];
  readonly users: User[];
  readonly memberships: Membership[];
  readonly events: EventLog;
  readonly usage: Usage;
  readonly invitations: Invitation[];
  /** By the id of the team. */
  readonly repositories: Map<string, Repository[]>;
  readonly license: License;
  /** When users came, in epoch ms. */
  readonly registeredAt: Map<string, number>;
  readonly historyStart: number;
  readonly quirks: Quirks;
  clock(): number;
};

/** A request for one endpoint; `id` is the variable segment of its path, or empty. */
export type Inquiry = {
  readonly state: TabnineState;
  readonly query: Readonly<Record<string, string>>;
  readonly id: string;
};
