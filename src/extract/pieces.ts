import { VendorError } from '../errors.ts';
import type { Millis, Window } from '../model.ts';
import { DAY } from './periods.ts';

/** How long a range a server takes in one request. It is not documented: learnt once, for all who are asked about. */
export type Longest = { ms: Millis };

/** Below this a range that is refused is not refused for its length. */
const SHORTEST: Millis = 14 * DAY;

/**
 * Asks for a range in as few pieces as the server takes: a range that is refused is halved, at a whole number of days
 * from its beginning.
 */
export async function* inPieces<T>(
  range: Window,
  longest: Longest,
  ask: (piece: Window) => Promise<T>,
  onCapped: (days: number) => void,
): AsyncGenerator<{ piece: Window; answer: T }> {
  for (let { from } = range; from < range.to;) {
    const piece = { from, to: Math.min(range.to, from + longest.ms) };
    try {
      yield { piece, answer: await ask(piece) };
      from = piece.to;
    } catch (error) {
      const length = piece.to - piece.from;
      const mayBeTooLong = error instanceof VendorError && error.fault === 'rejected';
      if (!mayBeTooLong || length < SHORTEST) throw error;
      longest.ms = Math.min(longest.ms, Math.floor(length / 2 / DAY) * DAY);
      onCapped(longest.ms / DAY);
    }
  }
}
