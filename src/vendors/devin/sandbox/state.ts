import type { ConsumptionBook } from './consumption/consumption.ts';
import type { Directory } from './directory.ts';
import type { EventLog } from './event-log.ts';
import type { Holdings } from './holdings.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Quirks } from './quirks.ts';
import type { Role } from './roles.ts';
import type { Search } from './searches.ts';
import type { Session } from './sessions.ts';
import type { Written } from './written.ts';

/** What the endpoints read. */
export type DevinState = Omit<Directory, 'enterpriseId'> & {
  readonly roles: Role[];
  readonly events: EventLog;
  readonly sessions: Session[];
  readonly searches: Search[];
  readonly holdings: Holdings;
  readonly written: Written;
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
