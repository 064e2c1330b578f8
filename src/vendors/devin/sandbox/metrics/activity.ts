import { hash, pick } from '../../../../sandbox/random.ts';

export const SIZES = ['xs', 's', 'm', 'l', 'xl'] as const;
export type Size = (typeof SIZES)[number];

/** `cli` is one of the origins that are counted but not listed. */
const ORIGINS = [
  'webapp',
  'webapp',
  'slack',
  'teams',
  'api',
  'linear',
  'jira',
  'automation',
  'desktop',
  'cli',
];
const PULL_REQUESTS = ['none', 'none', 'merged', 'merged', 'open', 'closed'] as const;

/** One session as the metrics count it. */
export type Work = {
  readonly size: Size;
  readonly origin: string;
  readonly playbook: boolean;
  readonly search: boolean;
  readonly pullRequest: (typeof PULL_REQUESTS)[number];
  /** In hundredths. */
  readonly acus: number;
};

const MONDAY_TO_FRIDAY = 60;
const WEEKEND = 8;
const DAY_MS = 86_400_000;

/** What somebody began on a UTC day. */
export function workOn(seed: number, place: number, day: number): Work[] {
  const count = countOn(seed + 1, place, day, 4);
  return Array.from({ length: count }, (_, which) => {
    const draw = (kind: number): number => hash(seed + 200 + kind + place * 131, day * 8 + which);
    return {
      size: pick(SIZES, draw(0)),
      origin: pick(ORIGINS, draw(1)),
      playbook: draw(2) % 5 === 0,
      search: draw(3) % 7 === 0,
      pullRequest: pick(PULL_REQUESTS, draw(4)),
      acus: 1 + (draw(5) % 1_200),
    };
  });
}

/** How many sessions somebody began on a UTC day. */
export function sessionsOn(seed: number, place: number, day: number): number {
  return countOn(seed + 1, place, day, 4);
}

/** How often somebody searched on a UTC day. */
export function searchesOn(seed: number, place: number, day: number): number {
  return countOn(seed + 2, place, day, 3);
}

function countOn(seed: number, place: number, day: number, most: number): number {
  const weekday = new Date(day * DAY_MS).getUTCDay();
  const percent = weekday === 0 || weekday === 6 ? WEEKEND : MONDAY_TO_FRIDAY;
  const draw = hash(seed + 300 + place * 17, day);
  return draw % 100 < percent ? 1 + ((draw >>> 8) % most) : 0;
}
