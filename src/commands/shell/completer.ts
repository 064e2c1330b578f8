import type { QuerySession } from '../../load/query/query.ts';
import { DOT_COMMANDS } from './dot-commands.ts';

const MOST = 60;

/**
 * What the tab key offers: DuckDB's own completion of SQL, which knows tables, columns and functions, and the commands that begin with
 * a point.
 *
 * @param before what earlier lines have of the statement
 */
export function completerOf(
  session: () => QuerySession,
  before: () => string,
): (line: string) => Promise<[string[], string]> {
  return async (line) => {
    if (before() === '' && line.startsWith('.')) {
      const names = DOT_COMMANDS.map(({ name }) => name);
      return [names.filter((name) => name.startsWith(line)), line];
    }
    const sql = before() + line;
    const found = await session().complete(sql);
    const [first] = found;
    if (first === undefined) return [[], line];
    // DuckDB counts bytes.
    const word = Buffer.from(sql).subarray(first.start).toString();
    const wanted = word.toLowerCase();
    const fitting = found
      .filter(({ start, text }) => start === first.start && text.toLowerCase().startsWith(wanted))
      .map(({ text }) => text.trimEnd());
    return [fitting.slice(0, MOST), word];
  };
}
