import { VendorError } from '../errors.ts';
import type { Millis, Period, Quirk, Window } from '../model.ts';
import { UTC_DAYS } from './periods.ts';
import { DAY } from '../platform/time.ts';

/** The longest range that a server takes in one request. It is not documented: learnt once, for all members. */
export type LongestRange = { ms: Millis };

/** A shorter range is not refused for its length. */
const SHORTEST: Millis = 14 * DAY;

/**
 * Asks for a range in as few requests as the server allows: a range that is refused is halved, and cut between two periods.
 *
 * @param onCapped called with the days per request after each halving
 */
export async function* splitRange<T>(
  range: Window,
  longest: LongestRange,
  ask: (piece: Window) => Promise<T>,
  onCapped: (days: number) => void,
  period: Period = UTC_DAYS,
): AsyncGenerator<{ piece: Window; answer: T }> {
  for (let { from } = range; from < range.to;) {
    const piece = { from, to: pieceEnd(from, range.to, longest.ms, period) };
    try {
      yield { piece, answer: await ask(piece) };
      from = piece.to;
    } catch (error) {
      const length = piece.to - piece.from;
      const mayBeTooLong = error instanceof VendorError && error.fault === 'rejected';
      // A single period cannot be asked for in parts.
      const isOne = piece.to <= period.next(period.floor(piece.from));
      if (!mayBeTooLong || length < SHORTEST || isOne) throw error;
      longest.ms = Math.min(longest.ms, Math.floor(length / 2 / DAY) * DAY);
      onCapped(longest.ms / DAY);
    }
  }
}

/** Reports as a quirk that an endpoint takes shorter ranges only. */
export function rangeCap(endpoint: string, quirk: (quirk: Quirk) => void): (days: number) => void {
  return (days) =>
    quirk({ code: 'range-capped', what: `${endpoint} is asked for ${days} days at a time` });
}

function pieceEnd(from: Millis, to: Millis, longest: Millis, period: Period): Millis {
  if (from + longest >= to) return to;
  const end = period.floor(from + longest);
  return end > from ? end : Math.min(to, period.next(period.floor(from)));
}
