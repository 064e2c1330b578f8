import { fraction } from '../../../sandbox/random.ts';
import { type Directory, generateDirectory } from './directory.ts';
import { EventLog } from './event-log.ts';
import { continued } from '../../../sandbox/demo.ts';
import { eventTimes } from '../../../sandbox/event-times.ts';
import { GeneratedEvents } from './generated-events.ts';
import {
  type Invitation,
  type License,
  type Repository,
  generateInvitations,
  generateLicense,
  generateRepositories,
} from './holdings.ts';

const DAY = 86_400_000;
/** How long before the history's end the upgrade to 6.2 was. */
const FROZEN_DAYS_AGO = 40;
/** A short history does not leave usage v1 without anything to show. */
const LEAST_V1_DAYS = 30;

type InstallationOptions = {
  seed: number;
  events: number;
  days: number;
  users: number;
  teams: number;
  until: number;
  frozenAt?: number | undefined;
  /** Up to when the history goes on after its end, in epoch ms; null if it does not. */
  goesOnTo: number | null;
};

/** All that an installation holds at first. */
type Installation = {
  directory: Directory;
  events: EventLog;
  invitations: Invitation[];
  repositories: Map<string, Repository[]>;
  license: License;
  registeredAt: Map<string, number>;
  historyStart: number;
  usageSince: number;
  frozenAt: number;
};

/** An installation with its past, the same for the same options. */
export function generateInstallation(options: InstallationOptions): Installation {
  const { seed, days, users, teams, until: end } = options;
  const start = end - days * DAY;
  const times = { seed, start, end };
  const directory = generateDirectory({ ...times, users, teams });
  const frozenAt = options.frozenAt ?? end - FROZEN_DAYS_AGO * DAY;
  const usageSince = Math.min(start, frozenAt - LEAST_V1_DAYS * DAY);
  return {
    directory,
    events: new EventLog(
      eventTimesOf(options, start),
      new GeneratedEvents({ seed, demo: options.goesOnTo !== null }, directory),
    ),
    invitations: generateInvitations(directory, times),
    repositories: generateRepositories(directory.teams, times),
    license: generateLicense(users, times),
    registeredAt: registrations(directory, seed, usageSince),
    historyStart: start,
    usageSince,
    frozenAt,
  };
}

function eventTimesOf(
  { events, days, until, seed, goesOnTo }: InstallationOptions,
  start: number,
): Float64Array {
  const times = eventTimes(events, start, until, seed);
  if (goesOnTo === null) return times;
  return continued(times, { until, now: goesOnTo, perDay: Math.ceil(events / days), seed });
}

/** The users of the beginning came in the year before anything was collected. */
function registrations(
  { users }: Directory,
  seed: number,
  usageSince: number,
): Map<string, number> {
  return new Map(
    users.map(({ id }, place) => [
      id,
      Math.floor(usageSince - fraction(seed + 7, place) * 365 * DAY),
    ]),
  );
}
