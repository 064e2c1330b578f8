import type { AgentTask } from './agents.ts';
import type { Company } from './company.ts';
import type { EventLog } from './event-log.ts';
import type { Quirks } from './quirks.ts';
import type { Seat } from './seats.ts';

/** What the endpoints read. */
export type GithubState = {
  readonly company: Company;
  readonly events: EventLog;
  readonly seats: Seat[];
  /** Of the coding agent, by repository. */
  readonly tasks: Map<string, AgentTask[]>;
  readonly quirks: Quirks;
  readonly seed: number;
  /** Signatures that are good, each for one file. */
  readonly files: Map<string, () => string>;
  /** Of the log's hourly limit. */
  readonly hour: { used: number; resetAt: number };
  clock(): number;
};
