import { rowsIn } from '../../load/query/rows.ts';
import type { QuerySession } from '../../load/query/query.ts';
import type { Answers } from './answers.ts';
import { DOT_COMMANDS, TABLES } from './dot-commands.ts';
import { MODES } from './port.ts';

const MOST = 60;

/**
 * What the tab key offers: DuckDB's own completion of SQL, which knows tables, columns and functions, the commands that begin with
 * a point, and what the word behind one can be.
 *
 * @param before what earlier lines have of the statement
 */
export function completerOf(
  shell: Pick<Answers, 'session' | 'questions'>,
  before: () => string,
): (line: string) => Promise<[string[], string]> {
  const complete = async (sql: string, line: string): Promise<[string[], string]> => {
    const found = await shell.session().complete(sql);
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
  return async (line) => {
    if (before() !== '' || !line.startsWith('.')) return await complete(before() + line, line);
    const [, command, word = ''] = /^(\.\w+)\s+(\S*)$/.exec(line) ?? [];
    if (command === undefined) return [beginning(line, NAMES), line];
    if (command === '.ask') return [beginning(word, shell.questions()), word];
    if (command === '.mode') return [beginning(word, MODES), word];
    if (command === '.describe') return [beginning(word, await tablesIn(shell.session())), word];
    return [[], line];
  };
}

const NAMES = DOT_COMMANDS.map(({ name }) => name);

async function tablesIn(session: QuerySession): Promise<string[]> {
  const names: string[] = [];
  const answer = await session.run(TABLES, { parameters: { word: '' } });
  for await (const [name] of rowsIn(answer, new AbortController().signal)) {
    if (typeof name === 'string') names.push(name);
  }
  return names;
}

function beginning(word: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(word));
}
