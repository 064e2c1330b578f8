import type { Answer, Call } from '../../../sandbox/answer.ts';
import type { Blocked, Group, Member } from './directory.ts';
import type { EventLog } from './event-log.ts';
import type { Quirks } from './quirks.ts';
import type { Usage } from './usage.ts';

/** What the endpoints serve. */
export type CursorState = {
  readonly teamId: number;
  readonly members: Member[];
  readonly groups: Group[];
  readonly blocked: Blocked[];
  readonly events: EventLog;
  readonly usage: Usage;
  readonly quirks: Quirks;
  /** The vendor's clock, in epoch ms. */
  clock(): number;
};

/** @param id the segment that `{id}` stands for */
export type Endpoint = (state: CursorState, call: Call, id: string) => Answer;
