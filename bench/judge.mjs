/** Which limits are missed, and what a miss comes from. */
import { PHASES } from './figures.mjs';
import { sections } from './sections.mjs';

export function misses(document) {
  return sections(document).flatMap(({ topic, figures, columns, nameOf }) =>
    columns.flatMap((column) =>
      figures
        .filter((figure) => isMissed(figure, column, columns[0]))
        .map(({ name, show, of, limit, blame }) => ({
          where: `${topic}, ${nameOf(column)}`,
          figure: name,
          value: of(column, columns[0]),
          shown: show(of(column, columns[0])),
          limit: limit.words,
          ...(blame === undefined ? {} : { costs: dearest(blame(column)) }),
        })),
    ),
  );
}

/** A figure that is no number keeps no limit. What this system cannot measure has none to keep. */
export function isMissed({ of, limit }, column, first) {
  const value = of(column, first);
  return limit !== undefined && value !== null && !limit.keeps(value, column);
}

function dearest({ phases, seconds: whole }) {
  const [phase, took] = Object.entries(phases).toSorted(([, a], [, b]) => b - a)[0];
  return { phase, name: PHASES[phase], seconds: took, share: took / whole };
}
