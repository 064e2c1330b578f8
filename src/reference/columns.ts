import type { Table } from '../load/tables.ts';
import { code, table } from './markdown.ts';

/** What the columns of a table of the warehouse mean. Those of another table that follow one another share a line. */
export function columnTable({ columns }: Pick<Table, 'columns'>): string {
  const rows: { names: string[]; meaning: string }[] = [];
  for (const [name, { type, comment, like }] of Object.entries(columns)) {
    const said = comment ?? '';
    const own = type === 'json' && !said.includes('JSON') ? `${said}, JSON` : said;
    const meaning = like === undefined ? own : `as in ${code(like)}`;
    const last = rows.at(-1);
    if (last !== undefined && last.meaning === meaning) last.names.push(code(name));
    else rows.push({ names: [code(name)], meaning });
  }
  return table(
    ['column', 'meaning'],
    rows.map(({ names, meaning }) => [names.join(', '), meaning]),
  );
}
