import type { Actor } from '../directory.ts';
import { type Work, searchesOn, sessionsOn, workOn } from './activity.ts';
import { type Days, type Granularity, boundsOf, daysIn, periodsIn } from './calendar.ts';
import { categoryCounts, pullRequestCounts, sessionCounts, usageCounts } from './shapes.ts';

export type Metric =
  | 'dau'
  | 'wau'
  | 'mau'
  | 'active-users'
  | 'sessions'
  | 'sessions-by-category'
  | 'prs'
  | 'searches'
  | 'usage';

/** The parameters of a metric. Times are in seconds. */
export type MetricQuestion = {
  readonly from: number;
  readonly to: number;
  readonly orgIds?: readonly string[] | undefined;
  readonly userIds?: readonly string[] | undefined;
  readonly serviceUserIds?: readonly string[] | undefined;
  readonly minSessions?: number | undefined;
  readonly minSearches?: number | undefined;
};

/** What metrics need to know of the account. */
export type Ground = {
  readonly seed: number;
  readonly actors: readonly Actor[];
  readonly start: number;
  now(): number;
};

type Placed = { readonly actor: Actor; readonly place: number };

/** Who did how much on which UTC day. Nothing is stored: every figure is made anew from the seed, the actor and the day. */
export class Metrics {
  readonly #ground: Ground;
  readonly #figures: Readonly<Record<Metric, (question: MetricQuestion) => object>> = {
    dau: (question) => this.#activeBy('day', question),
    wau: (question) => this.#activeBy('week', question),
    mau: (question) => this.#activeBy('month', question),
    'active-users': (question) => ({
      start_time: question.from,
      end_time: question.to,
      active_users: this.#activeUsers(daysIn(question.from, question.to), question),
    }),
    sessions: (question) => sessionCounts(this.#work(question)),
    'sessions-by-category': (question) => categoryCounts(this.#work(question)),
    prs: (question) => pullRequestCounts(this.#work(question)),
    searches: (question) => ({ searches_created_count: this.#searches(question) }),
    usage: (question) => usageCounts(this.#work(question), this.#searches(question)),
  };

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Exactly what is served for these parameters. A day that is only touched counts as a whole. */
  expected(metric: Metric, question: MetricQuestion): object {
    return this.#figures[metric](question);
  }

  #activeBy(granularity: Granularity, question: MetricQuestion): object[] {
    return periodsIn(granularity, question.from, question.to).map((days) => ({
      ...boundsOf(days),
      active_users: this.#activeUsers(days, question),
    }));
  }

  /** Active is who had enough sessions or enough searches in the period. */
  #activeUsers(days: Days, question: MetricQuestion): number {
    const { minSessions = 1, minSearches = 1 } = question;
    const { seed } = this.#ground;
    const active = this.#actors(question).filter(({ actor, place }) => {
      if (actor.kind !== 'user') return false;
      const sessions = this.#sum(days, (day) => sessionsOn(seed, place, day));
      const searches = this.#sum(days, (day) => searchesOn(seed, place, day));
      return sessions >= minSessions || searches >= minSearches;
    });
    return active.length;
  }

  #work(question: MetricQuestion): Work[] {
    const { first, end } = this.#recorded(daysIn(question.from, question.to));
    const work: Work[] = [];
    for (const { place } of this.#actors(question)) {
      for (let day = first; day < end; day++) work.push(...workOn(this.#ground.seed, place, day));
    }
    return work;
  }

  /** Only people search. */
  #searches(question: MetricQuestion): number {
    const days = daysIn(question.from, question.to);
    let total = 0;
    for (const { actor, place } of this.#actors(question)) {
      if (actor.kind !== 'user') continue;
      total += this.#sum(days, (day) => searchesOn(this.#ground.seed, place, day));
    }
    return total;
  }

  #sum(days: Days, countOn: (day: number) => number): number {
    const { first, end } = this.#recorded(days);
    let sum = 0;
    for (let day = first; day < end; day++) sum += countOn(day);
    return sum;
  }

  /** Nothing was done before the history begins or after the present. */
  #recorded({ first, end }: Days): Days {
    const recorded = daysIn(this.#ground.start, this.#ground.now() + 1);
    return { first: Math.max(first, recorded.first), end: Math.min(end, recorded.end) };
  }

  #actors({ orgIds, userIds, serviceUserIds }: MetricQuestion): Placed[] {
    const named =
      userIds === undefined && serviceUserIds === undefined
        ? undefined
        : [...(userIds ?? []), ...(serviceUserIds ?? [])];
    return this.#ground.actors
      .map((actor, place) => ({ actor, place }))
      .filter(
        ({ actor }) =>
          (orgIds === undefined || orgIds.includes(actor.orgId)) &&
          (named === undefined || named.includes(actor.id)),
      );
  }
}
