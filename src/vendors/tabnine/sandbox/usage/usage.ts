import type { User } from '../directory.ts';
import type { Quirks } from '../quirks.ts';
import { figureCount } from './figures.ts';
import type { Dataset } from './parts.ts';
import { DAY, type Granularity, type Period, dayOf, periodsIn, wholeSecond } from './periods.ts';
import { type Person, addPeriod, personOf, workedIn } from './person.ts';
import { agentShape, v1Shape, v2Shape } from './shapes.ts';
import { Tally } from './tally.ts';
import { toolsOf } from './tools.ts';

export type Scope = 'organization' | 'team' | 'user';

type UsageQuestion = {
  readonly dataset: Dataset;
  readonly scope: Scope;
  /** The team or the user; the organization needs none. */
  readonly id?: string | undefined;
  /** An ISO time, or epoch ms. */
  readonly from: string | number;
  readonly to: string | number;
  readonly granularity: Granularity;
};

export type Restatement = {
  readonly dataset: Dataset;
  readonly userId: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly factor: number;
};

/** A bucket as it is served; what else is in it depends on the series. */
export type Bucket = { from: string; to: string; [figure: string]: unknown };

/** What usage needs to know of the installation. */
type UsageGround = {
  readonly users: readonly User[];
  /** When users came, in epoch ms; one who is not in here has always been there. */
  readonly registeredAt: ReadonlyMap<string, number>;
  readonly quirks: Quirks;
  clock(): number;
};

/** Who used what, and how much. Nothing is stored: every figure is made anew from the seed, the user and the day. */
export class Usage {
  /** The upgrade to 6.2, in epoch ms: v1 ends before its day, v2 and agent usage begin with it. */
  frozenAt: number;
  readonly #ground: UsageGround;
  readonly #seed: number;
  /** Before it nothing was collected. */
  readonly #since: number;
  /** Factors by series and user, then by day. */
  readonly #restated = new Map<string, Map<number, number>>();

  constructor(ground: UsageGround, seed: number, since: number, frozenAt: number) {
    this.#ground = ground;
    this.#seed = seed;
    this.#since = since;
    this.frozenAt = frozenAt;
  }

  /** Multiplies the figures of one user's day, on top of earlier restatements. Counts stay whole numbers. */
  restate({ dataset, userId, day, factor }: Restatement): void {
    if (!this.#ground.users.some(({ id }) => id === userId))
      throw new Error(`no user has the id ${userId}`);
    const time = Date.parse(`${day}T00:00:00Z`);
    if (Number.isNaN(time)) throw new TypeError(`${day} is not a day`);
    const key = `${dataset} ${userId}`;
    const factors = this.#restated.get(key) ?? new Map<number, number>();
    factors.set(dayOf(time), (factors.get(dayOf(time)) ?? 1) * factor);
    this.#restated.set(key, factors);
  }

  /** Exactly the buckets that are served for these parameters. */
  expected({ dataset, scope, id, from, to, granularity }: UsageQuestion): Bucket[] {
    const { quirks } = this.#ground;
    const start = new Date(from).getTime();
    const end = new Date(to).getTime();
    const users = this.#usersOf(scope, id);
    const people = this.#people(users, this.#collected(dataset));
    const factors = users.map((user) => this.#restated.get(`${dataset} ${user.id}`));
    const buckets: Bucket[] = [];
    for (const period of periodsIn(granularity, start, end)) {
      const tally = tallyOf(dataset, people, factors, period);
      const idle = tally.users() === 0;
      if (idle && quirks.emptyBuckets === 'omitted') continue;
      // The vendor's example has the end of the range in both places.
      const allFrom = quirks.allBucketBounds === 'range' ? start : end;
      buckets.push({
        from: wholeSecond(granularity === 'all' ? allFrom : period.first * DAY),
        to: wholeSecond(granularity === 'all' ? end : period.end * DAY),
        ...shapeOf(dataset, tally, granularity),
        ...(dataset === 'v2' && scope === 'user' && !idle && toolsOf(this.#seed, id)),
      });
    }
    return buckets;
  }

  /** How many different users did anything in `[from, to)`, in whatever series was kept then. */
  activeUsers(from: number, to: number): number {
    const period = { first: dayOf(from), end: dayOf(to - 1) + 1 };
    const people = this.#people(this.#ground.users, this.#collected());
    return people.filter((person) => workedIn(person, period)).length;
  }

  /** The days that a series can have figures for. The current day has all of its figures already. */
  #collected(dataset?: Dataset): Period {
    const collected = { first: dayOf(this.#since), end: dayOf(this.#ground.clock()) + 1 };
    const frozen = dayOf(this.frozenAt);
    if (dataset === undefined) return collected;
    return dataset === 'v1'
      ? { ...collected, end: Math.min(frozen, collected.end) }
      : { ...collected, first: Math.max(frozen, collected.first) };
  }

  /** A deactivated user still counts for the team that is in the user's own record: the past does not change. */
  #usersOf(scope: Scope, id: string | undefined): readonly User[] {
    const { users } = this.#ground;
    if (scope === 'organization') return users;
    return users.filter((user) => (scope === 'team' ? user.team?.id === id : user.id === id));
  }

  #people(users: readonly User[], within: Period): Person[] {
    const { registeredAt } = this.#ground;
    return users.map((user) => personOf(user, this.#seed, registeredAt.get(user.id), within));
  }
}

function tallyOf(
  dataset: Dataset,
  people: readonly Person[],
  factors: readonly (ReadonlyMap<number, number> | undefined)[],
  period: Period,
): Tally {
  const tally = new Tally(dataset);
  const figures = new Float64Array(figureCount(dataset));
  for (const [place, person] of people.entries()) {
    // A range may begin long before anybody was there: those buckets are to cost next to nothing.
    if (person.present.first >= period.end || person.present.end <= period.first) continue;
    figures.fill(0);
    addPeriod(figures, dataset, person, period, factors[place]);
    tally.add(figures);
  }
  return tally;
}

function shapeOf(dataset: Dataset, tally: Tally, granularity: Granularity): object {
  if (dataset === 'v1') return v1Shape(tally);
  return dataset === 'v2' ? v2Shape(tally, granularity === 'all') : agentShape(tally);
}
