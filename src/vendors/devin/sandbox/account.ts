import { continued } from '../../../sandbox/demo.ts';
import { ConsumptionBook } from './consumption/consumption.ts';
import { type Directory, generateDirectory } from './directory.ts';
import { EventLog } from './event-log.ts';
import { eventSeconds } from './event-seconds.ts';
import { GeneratedEvents } from './generated-events.ts';
import { type Holdings, generateHoldings } from './holdings.ts';
import { Metrics } from './metrics/metrics.ts';
import { type Search, generateSearches } from './searches.ts';
import { type Session, generateSessions, sessionId } from './sessions.ts';
import { type Written, generateWritten } from './written.ts';

const DAY = 86_400;
const SEARCHES_PER_SESSION = 2;

type AccountOptions = {
  readonly seed: number;
  readonly events: number;
  readonly days: number;
  readonly users: number;
  readonly organizations: number;
  readonly sessions: number;
  /** In epoch ms. */
  readonly until: number;
  /** In seconds. */
  readonly now: () => number;
  /** Whether the history goes on after its end as far as `now`. */
  readonly goesOn: boolean;
};

/** All that an enterprise account holds at first. */
export type Account = {
  readonly directory: Directory;
  readonly holdings: Holdings;
  readonly written: Written;
  readonly sessions: Session[];
  readonly searches: Search[];
  readonly events: EventLog;
  readonly consumption: ConsumptionBook;
  readonly metrics: Metrics;
  readonly historyStart: number;
};

/** An account with its past, the same for the same options. */
export function generateAccount(options: AccountOptions): Account {
  const { seed, now } = options;
  const end = Math.floor(options.until / 1000);
  const start = end - options.days * DAY;
  const times = { seed, start, end };
  const { users, organizations } = options;
  const directory = generateDirectory({ ...times, users, organizations });
  const { actors } = directory;
  const sessions = generateSessions(directory, options.sessions, times);
  // Without any session, events are about one that nobody lists.
  const known =
    sessions.length > 0 ? sessions.map(({ session_id }) => session_id) : [sessionId(seed, 0)];
  const orgIds = directory.organizations.map(({ org_id }) => org_id);
  return {
    directory,
    holdings: generateHoldings(seed, directory, start),
    written: generateWritten(seed, directory, start),
    sessions,
    searches: generateSearches(directory, SEARCHES_PER_SESSION * options.sessions, times),
    events: new EventLog(
      eventSecondsOf(options, start, end),
      new GeneratedEvents({ seed, demo: options.goesOn }, directory, known),
      seed,
    ),
    consumption: new ConsumptionBook({ seed, actors, orgIds, start, now }),
    metrics: new Metrics({ seed, actors, start, now }),
    historyStart: start,
  };
}

function eventSecondsOf(
  { events, days, seed, now, goesOn }: AccountOptions,
  start: number,
  end: number,
): Float64Array {
  const seconds = eventSeconds(events, start, end, seed);
  if (!goesOn) return seconds;
  return continued(
    seconds.map((second) => second * 1000),
    { until: end * 1000, now: now() * 1000, perDay: Math.ceil(events / days), seed },
  ).map((time) => Math.floor(time / 1000));
}
