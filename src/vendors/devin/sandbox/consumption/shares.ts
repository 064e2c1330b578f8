import { hash } from '../../../../sandbox/random.ts';
import { DAY } from './billing-days.ts';

/** Consumption is counted in parts of an ACU, so that every sum is exact. */
export const PARTS = 10_000;

export type Shares = { devin: number; cascade: number; terminal: number; review: number };

/** What somebody used on a day, in parts. Only people have editors and terminals. */
export function sharesOf(
  seed: number,
  place: number,
  kind: 'user' | 'service-user',
  day: number,
): Shares {
  const draw = (which: number): number => hash(seed + 100 + which * 1_009 + place * 31, day);
  const weekday = new Date(day * DAY * 1000).getUTCDay();
  const percent = weekday === 0 || weekday === 6 ? 12 : 65;
  const share = (which: number, share100: number, most: number): number =>
    draw(which) % 100 < (percent * share100) / 100 ? 1 + (draw(which + 1) % most) : 0;
  const person = kind === 'user' ? 1 : 0;
  return {
    devin: share(0, 100, 8 * PARTS),
    cascade: person * share(2, 60, 2 * PARTS),
    terminal: person * share(4, 25, PARTS / 2),
    review: 0,
  };
}

/** Reviews are an organization's, not anybody's. */
export function reviewsOf(seed: number, place: number, day: number): number {
  const draw = hash(seed + 901 + place * 37, day);
  return draw % 100 < 20 ? 1 + ((draw >>> 8) % (3 * PARTS)) : 0;
}
