import type { Membership, Organization, Team, User } from './directory.ts';
import type { EventLog } from './event-log.ts';
import type { Quirks } from './quirks.ts';

/** What the endpoints read. */
export type TabnineState = {
  readonly organization: Organization;
  readonly teams: Team[];
  readonly users: User[];
  readonly memberships: Membership[];
  readonly events: EventLog;
  readonly quirks: Quirks;
};

/** A request for one endpoint; `id` is the variable segment of its path, or empty. */
export type Inquiry = {
  readonly state: TabnineState;
  readonly query: Readonly<Record<string, string>>;
  readonly id: string;
};
