import type { ConsumptionBook } from './consumption/consumption.ts';
import type { Actor, IdpUser, Organization, ServiceUser, User } from './directory.ts';
import type { EventLog } from './event-log.ts';
import type { Holdings } from './holdings.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Quirks } from './quirks.ts';
import type { IdpGroup, Role } from './roles.ts';
import type { Session } from './sessions.ts';

/** What the endpoints read. */
export type DevinState = {
  readonly organizations: Organization[];
  readonly deletedOrganizations: Organization[];
  readonly users: User[];
  readonly idpUsers: IdpUser[];
  readonly idpGroups: IdpGroup[];
  readonly serviceUsers: ServiceUser[];
  readonly roles: Role[];
  readonly actors: readonly Actor[];
  readonly events: EventLog;
  readonly sessions: Session[];
  readonly holdings: Holdings;
  readonly consumption: ConsumptionBook;
  readonly metrics: Metrics;
  readonly quirks: Quirks;
  clock(): number;
};

/** A request for one endpoint; `id` is the variable segment of its path, or empty. */
export type Inquiry = {
  readonly state: DevinState;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly id: string;
};
