/** The first route that fits a path, with the segment that stands for `{id}`. */
export function findRoute<Route extends { readonly path: string }>(
  routes: readonly Route[],
  path: string,
): { route: Route; id: string } | undefined {
  const segments = path.split('/');
  for (const route of routes) {
    const pattern = route.path.split('/');
    const fits =
      pattern.length === segments.length &&
      pattern.every(
        (part, place) => part === segments[place] || (part === '{id}' && segments[place] !== ''),
      );
    if (fits) return { route, id: decoded(segments[pattern.indexOf('{id}')] ?? '') };
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
