import { grouped } from '../platform/grouped.ts';
import type { CoveredDays, DayState } from '../evidence/coverage.ts';
import { DAY } from '../platform/time.ts';

/** The marks of a day. Letters are for files, pipes, and terminals that show no other. */
type Marks = Record<Exclude<DayState, 'unknown'> | 'none', string>;
const SYMBOLS: Marks = { complete: '■', provisional: '□', gap: '✗', none: '·' };
const LETTERS: Marks = { complete: 'c', provisional: 'p', gap: 'X', none: '.' };

/** Per stream a line with its counts and then a line per month, with one mark for each day of it; a legend at the end. */
export function calendar(days: readonly CoveredDays[], isRich: boolean): string {
  const marks = isRich ? SYMBOLS : LETTERS;
  const streams = grouped(days, ({ source, stream }) => `${source}/${stream}`);
  const blocks = [...streams].map(([name, ranges]) =>
    [`${name}: ${counted(ranges)}`, ...months(ranges, marks)].join('\n'),
  );
  const legend = `${marks.complete} complete  ${marks.provisional} provisional: still to be read, or to be read again  ${marks.gap} gap  ${marks.none} not of the stream`;
  return [...blocks, legend].join('\n\n');
}

function counted(ranges: readonly CoveredDays[]): string {
  const count = (state: DayState): number =>
    ranges.filter((range) => range.state === state).reduce((sum, range) => sum + range.days, 0);
  const unknown = count('unknown');
  return [
    `${count('complete')} complete, ${count('provisional')} provisional, ${count('gap')} gap`,
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
  ].join(', ');
}

function months(ranges: readonly CoveredDays[], marks: Marks): string[] {
  const lines = new Map<string, string[]>();
  for (const { from, to, state } of ranges) {
    // Years of it would be as many lines.
    if (state === 'unknown') continue;
    for (let at = Date.parse(from); at <= Date.parse(to); at += DAY) {
      const day = new Date(at);
      const month = day.toISOString().slice(0, 7);
      let line = lines.get(month);
      if (line === undefined) {
        const length = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0));
        line = Array.from({ length: length.getUTCDate() }, () => marks.none);
        lines.set(month, line);
      }
      line[day.getUTCDate() - 1] = marks[state];
    }
  }
  return [...lines]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, line]) => `  ${month}  ${line.join('')}`);
}
