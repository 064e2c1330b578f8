/** What to do about SQL that DuckDB refuses. Pure. */
import { nearest } from '../../platform/nearest.ts';

const NO_TABLE = /^Catalog Error: Table(?: Function)? with name (.+) does not exist!/;
/** DuckDB's own guess, which may be one of its catalogs. */
const GUESS = /\nDid you mean "[^"]*"\?/;
const FILES = 'other files cannot be read or written';

/**
 * @param message as DuckDB words it
 * @param tables  the names of what can be read
 */
export function hintOn(message: string, tables: readonly string[]): string {
  if (/^Out of Memory/i.test(message)) {
    return 'ask for less at once: fewer rows or columns, or a part of the time';
  }
  if (message.startsWith('Permission Error')) return FILES;
  const name = missingTable(message);
  if (name === null) return 'correct the SQL';
  if (/[/\\*]|\.\w+$/.test(name)) return FILES;
  const near = nearest(name, tables) ?? partOf(name, tables);
  return near === null
    ? '`auditlake query "show tables"` lists what there is'
    : `did you mean ${near}?`;
}

/** The message, without what DuckDB guesses about tables: it does not know which are meant for people. */
export function withoutGuess(message: string): string {
  return missingTable(message) === null ? message : message.replace(GUESS, '');
}

function missingTable(message: string): string | null {
  return NO_TABLE.exec(message)?.[1] ?? null;
}

function partOf(name: string, tables: readonly string[]): string | null {
  const given = name.toLowerCase();
  return given.length < 4 ? null : (tables.find((table) => table.includes(given)) ?? null);
}
