import { hash } from '../../../../sandbox/random.ts';
import type { Actor } from '../directory.ts';
import {
  type Cycle,
  beginOf,
  billingDayNamed,
  billingDayOf,
  cyclesIn,
  DAY,
} from './billing-days.ts';
import { PARTS, type Shares, reviewsOf, sharesOf } from './shares.ts';

export type Scope = 'enterprise' | 'organization' | 'user' | 'service-user';

/** Consumption as it is served. */
export type Consumption = {
  total_acus: number;
  consumption_by_date: {
    date: number;
    acus: number;
    acus_by_product: {
      devin: number;
      cascade: number;
      terminal: number;
      review?: number | null;
    };
  }[];
};

export type Restatement = {
  /** A user or service user. */
  readonly id: string;
  /** `YYYY-MM-DD`, as the bill names the day. */
  readonly day: string;
  readonly factor: number;
};

/** What consumption needs to know of the account. Times are in seconds. */
export type Ground = {
  readonly seed: number;
  readonly actors: readonly Actor[];
  /** The organizations that reviews belong to, in an order that never changes. */
  readonly orgIds: readonly string[];
  readonly start: number;
  now(): number;
};

/** Who consumed how much. Nothing is stored: every figure is made anew from the seed, the actor and the day. */
export class ConsumptionBook {
  readonly #ground: Ground;
  /** Factors by actor and day. */
  readonly #restated = new Map<string, number>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Multiplies the figures of somebody's day, on top of earlier restatements. */
  restate({ id, day, factor }: Restatement): void {
    if (!this.#ground.actors.some((actor) => actor.id === id))
      throw new Error(`no user or service user has the id ${id}`);
    const key = `${id} ${billingDayNamed(day)}`;
    this.#restated.set(key, (this.#restated.get(key) ?? 1) * factor);
  }

  /** The billing cycles, newest first. The first holds the present. */
  cycles(): Cycle[] {
    return cyclesIn(this.#ground.start, this.#ground.now());
  }

  /** Exactly what is served for these parameters: the days that begin in `[from, to)`, and without bounds the current cycle. */
  expected(scope: Scope, id?: string, from?: number, to?: number): Consumption {
    const current = from === undefined && to === undefined ? this.cycles()[0] : undefined;
    const after = current?.after ?? from ?? -Infinity;
    const before = current?.before ?? to ?? Infinity;
    const byDate: Consumption['consumption_by_date'] = [];
    let total = 0;
    const last = billingDayOf(this.#ground.now());
    for (let day = billingDayOf(this.#ground.start); day <= last; day++) {
      if (beginOf(day) < after || beginOf(day) >= before) continue;
      const { devin, cascade, terminal, review } = this.#sharesOn(day, scope, id);
      const sum = devin + cascade + terminal + review;
      total += sum;
      byDate.push({
        date: beginOf(day),
        acus: sum / PARTS,
        acus_by_product: {
          devin: devin / PARTS,
          cascade: cascade / PARTS,
          terminal: terminal / PARTS,
          ...statedReview(review, hash(this.#ground.seed + 97, day)),
        },
      });
    }
    return { total_acus: total / PARTS, consumption_by_date: byDate };
  }

  #sharesOn(day: number, scope: Scope, id: string | undefined): Shares {
    const { seed, actors, orgIds } = this.#ground;
    const sum: Shares = { devin: 0, cascade: 0, terminal: 0, review: 0 };
    // The current day is not over: its figures still grow.
    const elapsed = Math.min(1, (this.#ground.now() - beginOf(day)) / DAY);
    for (const [place, actor] of actors.entries()) {
      if (scope === 'organization' && actor.orgId !== id) continue;
      if ((scope === 'user' || scope === 'service-user') && actor.id !== id) continue;
      const shares = sharesOf(seed, place, actor.kind, day);
      const factor = elapsed * (this.#restated.get(`${actor.id} ${day}`) ?? 1);
      sum.devin += Math.floor(shares.devin * factor);
      // Editors and terminals are not tied to an organization: only the enterprise and the user have them.
      if (scope === 'organization') continue;
      sum.cascade += Math.floor(shares.cascade * factor);
      sum.terminal += Math.floor(shares.terminal * factor);
    }
    if (scope === 'enterprise' || scope === 'organization') {
      for (const [place, orgId] of orgIds.entries()) {
        if (scope === 'enterprise' || orgId === id) {
          sum.review += Math.floor(reviewsOf(seed, place, day) * elapsed);
        }
      }
    }
    return sum;
  }
}

/** A day without reviews says so with null, or not at all. */
function statedReview(review: number, draw: number): { review?: number | null } {
  if (review > 0) return { review: review / PARTS };
  return draw % 2 === 0 ? { review: null } : {};
}
