/** What happens on the days of a demonstration. */
import { fraction, hash, pick } from './random.ts';

/** So much is left of what is out of the ordinary: where all of it happens every day, nobody would see the break-in. */
const LEFT = 1 / 25;

/**
 * The kind of the event at a place of a history, for a draw among all kinds.
 *
 * @param kinds by their shares
 * @param quiet how a demonstration has it: mostly what is ordinary; null for every kind by its share
 */
export function kindAt<Kind>(
  kinds: readonly Kind[],
  isOrdinary: (kind: Kind) => boolean,
  quiet: { seed: number } | null,
): (place: number, draw: number) => Kind {
  if (quiet === null) return (_, draw) => pick(kinds, draw);
  const { seed } = quiet;
  const ordinary = kinds.filter(isOrdinary);
  return (place, draw) => {
    const kind = pick(kinds, draw);
    const isLeft = isOrdinary(kind) || fraction(seed + 666, place) < LEFT;
    return isLeft ? kind : pick(ordinary, hash(seed + 667, place));
  };
}
