import { usageError } from '../../errors.ts';
import { MODES, type Mode, type Shell } from './port.ts';

type DotCommand = {
  name: string;
  usage: string;
  does: string;
  run(shell: Shell, args: readonly string[]): Promise<void> | void;
};

/** What can be described, with `word` in its name. */
export const TABLES = `
select table_name as "table", comment from (
  select table_name, comment from duckdb_tables() where schema_name = 'main' and not internal
  union all select view_name, comment from duckdb_views() where schema_name = 'main' and not internal
)
where contains(table_name, $word) order by 1`;

const COLUMNS = `
select column_name as "column", data_type as type, comment
from duckdb_columns() where schema_name = 'main' and table_name = $table order by column_index`;

/** What can be typed besides SQL. */
export const DOT_COMMANDS: readonly DotCommand[] = [
  {
    name: '.tables',
    usage: '.tables [WORD]',
    does: 'tables and views, or those with WORD in their name',
    run: (shell, [word = '']) => shell.ask(TABLES, { word }),
  },
  {
    name: '.describe',
    usage: '.describe TABLE',
    does: 'the columns of a table, and what they hold',
    run: async (shell, [table]) => {
      if (table === undefined) throw usageError('.describe needs a table', '.tables lists them');
      const rows = await shell.ask(COLUMNS, { table });
      if (rows === 0) throw usageError(`there is no table ${table}`, '.tables lists them');
    },
  },
  {
    name: '.ask',
    usage: '.ask [QUESTION VALUES…]',
    does: 'answers a question, as `auditlake ask`; without one lists them',
    run: (shell, words) => shell.question(words),
  },
  {
    name: '.mode',
    usage: `.mode ${MODES.join('|')}`,
    does: 'how rows are shown',
    run(shell, [mode]) {
      if (!isMode(mode)) throw usageError('.mode needs a form', `one of ${MODES.join(', ')}`);
      shell.mode = mode;
    },
  },
  {
    name: '.pager',
    usage: '.pager on|off',
    does: 'whether long answers go through $PAGER (less)',
    run(shell, [word]) {
      if (word !== 'on' && word !== 'off') throw usageError('.pager is on or off', '.pager off');
      shell.paged = word === 'on';
    },
  },
  {
    name: '.reload',
    usage: '.reload',
    does: 'reads what runs have published since the shell began',
    run: (shell) => shell.reload(),
  },
  {
    name: '.help',
    usage: '.help',
    does: 'this list',
    run(shell) {
      const width = Math.max(...DOT_COMMANDS.map(({ usage }) => usage.length));
      for (const { usage, does } of DOT_COMMANDS) shell.say(`${usage.padEnd(width)}  ${does}`);
      shell.say('SQL ends with ;  Tab completes it, Ctrl-C gives it up, Ctrl-D leaves.');
    },
  },
  { name: '.quit', usage: '.quit', does: 'leaves', run: (shell) => shell.leave() },
];

/** @throws AuditlakeError `usage` for a command that does not exist */
export async function runDotCommand(shell: Shell, line: string): Promise<void> {
  const [name = '', ...args] = wordsOf(line);
  const command = DOT_COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw usageError(`there is no ${name}`, '.help lists what there is');
  await command.run(shell, args);
}

/** A value with blanks stands in quotes. */
function wordsOf(line: string): string[] {
  const words = line.matchAll(/(--[\w-]+=)?(?:"([^"]*)"|'([^']*)')(?!\S)|\S+/g);
  return Array.from(words, ([word, option = '', ...quoted]) => {
    const value = quoted.find((text) => text !== undefined);
    return value === undefined ? word : option + value;
  });
}

function isMode(word: string | undefined): word is Mode {
  return MODES.some((mode) => mode === word);
}
