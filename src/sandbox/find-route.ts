const VARIABLE = new Set(['{id}', '{other}']);

/** The first route that fits a path, with the segments that stand for `{id}` and, where it has one, `{other}`. */
export function findRoute<Route extends { readonly path: string }>(
  routes: readonly Route[],
  path: string,
): { route: Route; id: string; other: string } | undefined {
  const segments = path.split('/');
  for (const route of routes) {
    const pattern = route.path.split('/');
    const fits =
      pattern.length === segments.length &&
      pattern.every(
        (part, place) => part === segments[place] || (VARIABLE.has(part) && segments[place] !== ''),
      );
    if (!fits) continue;
    const [id = '', other = ''] = [...VARIABLE].map((name) =>
      decoded(segments[pattern.indexOf(name)] ?? ''),
    );
    return { route, id, other };
  }
  return undefined;
}

/** A malformed escape names nothing; the endpoint answers that there is no such thing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
