import { hash, pick } from '../../../sandbox/random.ts';
import type { Member } from './directory.ts';
import { DAY } from './times.ts';

type UsageEvent = { timestamp: string } & Record<string, unknown>;

const HOUR = 3_600_000;
const MODELS = ['default', 'claude-5-sonnet', 'gpt-6', 'composer-2'];

/** What the members did, day by day. It follows from the seed, the day and the member alone, but for what a test puts in. */
export class Usage {
  readonly #seed: number;
  readonly #members: readonly Member[];
  /** Who never did anything. What somebody did stays, though they are removed later. */
  readonly #idle: ReadonlySet<number>;
  readonly #start: number;
  /** Events that a test adds. */
  readonly inserted: UsageEvent[] = [];
  /** What is charged for a day is multiplied by this, as when it is priced anew. */
  readonly factors = new Map<number, number>();

  constructor(seed: number, members: readonly Member[], start: number) {
    this.#seed = seed;
    this.#members = members;
    this.#idle = new Set(members.filter(({ isRemoved }) => isRemoved).map(({ id }) => id));
    this.#start = Math.floor(start / DAY) * DAY;
  }

  /** The events between two instants, both within, oldest first. Counting takes an hour. */
  events(from: number, to: number, now: number): UsageEvent[] {
    const found: UsageEvent[] = this.inserted.filter(({ timestamp }) =>
      isWithin(timestamp, from, to),
    );
    for (let day = Math.floor(from / DAY) * DAY; day <= to; day += DAY) {
      if (day >= this.#start) found.push(...this.#ofDay(day));
    }
    return found
      .filter(({ timestamp }) => isWithin(timestamp, from, Math.min(to, now - HOUR)))
      .toSorted((a, b) => Number(a.timestamp) - Number(b.timestamp));
  }

  #ofDay(day: number): UsageEvent[] {
    const factor = this.factors.get(day) ?? 1;
    const events: UsageEvent[] = [];
    for (const member of this.#members) {
      for (let n = 0; n < this.calls(member, day); n += 1) {
        const draw = hash(this.#seed + n, member.id + day / HOUR);
        const event = eventOf(member, day + (draw % DAY), draw, factor);
        // Two calls in one millisecond, alike in everything.
        events.push(event, ...(draw % 16 === 0 ? [event] : []));
      }
    }
    events.push(ofServiceAccount(day, factor));
    return events;
  }

  /** How many calls a member made on a day. */
  calls({ id }: Member, day: number): number {
    const draw = hash(this.#seed + 41, id + day / HOUR);
    return this.#idle.has(id) || day < this.#start || draw % 10 < 3 ? 0 : 1 + ((draw >>> 5) % 3);
  }
}

function isWithin(timestamp: string, from: number, to: number): boolean {
  return Number(timestamp) >= from && Number(timestamp) <= to;
}

function eventOf({ email }: Member, at: number, draw: number, factor: number): UsageEvent {
  const isTokenBased = draw % 5 !== 0;
  const cents = ((draw % 900) / 13) * factor;
  return {
    timestamp: String(at),
    userEmail: email,
    model: pick(MODELS, draw >>> 3),
    kind: draw % 3 === 0 ? 'Included in Business' : 'Usage-based',
    maxMode: draw % 7 === 0,
    requestsCosts: (draw % 40) / 10,
    isTokenBasedCall: isTokenBased,
    isChargeable: draw % 3 !== 0,
    isHeadless: false,
    ...(isTokenBased
      ? {
          tokenUsage: {
            inputTokens: draw % 10_000,
            outputTokens: draw % 3_000,
            cacheWriteTokens: draw % 500,
            cacheReadTokens: draw % 90_000,
            totalCents: cents * 0.9,
          },
        }
      : {}),
    chargedCents: cents,
    cursorTokenFee: cents * 0.1,
  };
}

function ofServiceAccount(day: number, factor: number): UsageEvent {
  return {
    timestamp: String(day + 9 * HOUR),
    serviceAccountId: 'sa_7f3',
    serviceAccountName: 'nightly upgrades',
    cloudAgentId: 'bc_1',
    model: 'composer-2',
    kind: 'Usage-based',
    maxMode: false,
    requestsCosts: 1,
    isTokenBasedCall: false,
    isChargeable: true,
    isHeadless: true,
    chargedCents: 12.5 * factor,
  };
}
