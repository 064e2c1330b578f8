/** The name that was most likely meant, or null if none is close: at most a third of it may differ. */
export function nearest(given: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, distance: distance(given, name) }))
    .toSorted((one, other) => one.distance - other.distance);
  const [best] = ranked;
  if (best === undefined || best.distance * 3 > Math.max(given.length, best.name.length)) {
    return null;
  }
  return best.name;
}

/** What to do about a name that does not exist: take the one that was most likely meant, or `otherwise` if none is close. */
export function nearestOr(given: string, names: readonly string[], otherwise: string): string {
  const near = nearest(given, names);
  return near === null ? otherwise : `did you mean ${near}?`;
}

/** How many characters have to be put in, left out or replaced to make one text of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, char] of one.split('').entries()) {
    const next = [i + 1];
    for (const [j, otherChar] of other.split('').entries()) {
      const replaced = (row[j] ?? 0) + (char === otherChar ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
