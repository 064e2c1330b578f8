/**
 * Whether what a warehouse says of its rows is true. DuckDB passes over rows among which, by the statistics, there is none that is
 * asked for: with the right rows and forged statistics, a file hides rows from whoever filters. How DuckDB stores them is its own
 * affair, so it is asked: of each stretch of a column, for the rows with the least and the greatest value, by that value.
 */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { firstRow, literal } from '../database.ts';
import { distrustingStatistics } from '../distrusting-statistics.ts';
import { qualified, type Column, type Table } from '../tables.ts';

type Named = { name: string; type: Column['type'] };

/** Columns of which DuckDB has statistics of the same rows, the last of them included. */
type Stretch = { from: number; to: number; columns: Named[] };

/** A question that must find one row. */
type Probe = { column: string; sql: string };

/** Statistics have the first 8 bytes of a text: more than that says nothing more. */
const SHOWN = 64;
const GREATEST = 'chr(1114111)';

/** Bytes. */
const LONG_JSON = 4096;

const PROBES_AT_ONCE = 50;

/** The columns of a table of the warehouse that do not say the truth about their rows. */
export async function misleadingColumns(
  connection: DuckDBConnection,
  table: Table,
): Promise<string[]> {
  const name = `warehouse.${qualified(table)}`;
  const columns = Object.entries(table.columns).map(([column, { type }]) => ({
    name: column,
    type,
  }));
  const found = new Set<string>();
  const longest = new Map<string, number>();
  for (const stretch of await stretchesOf(connection, name, columns)) {
    const seen = await distrustingStatistics(connection, () =>
      firstRow(connection, endsSql(name, stretch)),
    );
    const probes = stretch.columns.flatMap((column, i) => probesOf(name, column, i, seen));
    for (const column of await unanswered(connection, probes)) found.add(column);
    for (const [i, { name: column }] of stretch.columns.entries()) {
      const length = Number(seen[`length_${i}`] ?? 0);
      longest.set(column, Math.max(longest.get(column) ?? 0, length));
    }
  }
  if (longest.size === 0) return [];
  for (const column of await wrongAsAWhole(connection, name, columns, longest)) found.add(column);
  return [...found];
}

/** By the numbers of rows that the parts of each column have. */
async function stretchesOf(
  connection: DuckDBConnection,
  name: string,
  columns: readonly Named[],
): Promise<Stretch[]> {
  const reader = await connection.runAndReadAll(`
    select column_name, sum(count) over (
      partition by column_path order by row_group_id, segment_id rows unbounded preceding
    )::bigint - count as first, count
    from pragma_storage_info(${literal(name)})
    where not contains(column_path, ',')`);
  const stretches = new Map<string, Stretch>();
  for (const [of, first, count] of reader.getRows()) {
    const column = columns.find(({ name: one }) => one === of);
    if (column === undefined) continue;
    const [from, to] = [Number(first), Number(first) + Number(count) - 1];
    const stretch = stretches.get(`${from} ${to}`) ?? { from, to, columns: [] };
    stretch.columns.push(column);
    stretches.set(`${from} ${to}`, stretch);
  }
  return [...stretches.values()];
}

function isText({ type }: Named): boolean {
  return type === 'varchar' || type === 'json';
}

function isList({ type }: Named): boolean {
  return type.endsWith('[]');
}

/** One row: of each column, the rows with its ends and one without a value, and those values. */
function endsSql(name: string, { from, to, columns }: Stretch): string {
  const seen = columns.map((column, i) => {
    const own = `"${column.name}"`;
    const value = column.type === 'varchar' ? `left(${own}, ${SHOWN})` : own;
    // Nobody compares a whole JSON; this one is no text that may be cut.
    const shown = (end: string): string =>
      column.type === 'json' ? `if(strlen(${end}) < ${LONG_JSON}, ${end}, null)` : end;
    const ends = isList(column)
      ? []
      : [
          `arg_min(rowid, ${value}) as low_at_${i}, ${shown(`min(${value})`)}::varchar as low_${i}`,
          `arg_max(rowid, ${value}) as high_at_${i}, ${shown(`max(${value})`)}::varchar as high_${i}`,
        ];
    const length = isText(column) ? [`max(strlen(${own})) as length_${i}`] : [];
    const rows = [
      `min(rowid) filter (${own} is null) as empty_${i}`,
      `min(rowid) filter (${own} is not null) as full_${i}`,
    ];
    return [...ends, ...length, ...rows].join(', ');
  });
  return `select ${seen.join(', ')} from ${name} where rowid between ${from} and ${to}`;
}

function probesOf(
  name: string,
  column: Named,
  i: number,
  seen: Record<string, DuckDBValue>,
): Probe[] {
  const own = `"${column.name}"`;
  const at = (row: string, condition: string): Probe[] => {
    const id = seen[`${row}_${i}`] ?? null;
    if (id === null) return [];
    const sql = `(select count(*) from ${name} where rowid = ${String(id)} and ${condition})`;
    return [{ column: column.name, sql }];
  };
  const [low, high] = [seen[`low_${i}`] ?? null, seen[`high_${i}`] ?? null];
  const whole = (text: string): string => `${own} = cast(${constant(text)} as ${column.type})`;
  const isWhole = (text: string): boolean => column.type !== 'varchar' || text.length < SHOWN;
  const lowest = (text: string): string =>
    isWhole(text) ? whole(text) : `${own} <= ${constant(text)} || ${GREATEST}`;
  const highest = (text: string): string =>
    isWhole(text) ? whole(text) : `${own} >= ${constant(text)}`;
  return [
    ...at('empty', `${own} is null`),
    ...at('full', `${own} is not null`),
    ...(typeof low === 'string' ? at('low_at', lowest(low)) : []),
    ...(typeof high === 'string' ? at('high_at', highest(high)) : []),
  ];
}

/**
 * A text as part of a statement: DuckDB passes over rows for what it knows when it plans, which a parameter is not. A quoted one ends at a
 * character 0, whatever comes after it.
 */
function constant(text: string): string {
  return `decode(from_base64('${Buffer.from(text).toString('base64')}'))`;
}

/** The columns by which a row is not found that is there. */
async function unanswered(
  connection: DuckDBConnection,
  probes: readonly Probe[],
): Promise<string[]> {
  const found: string[] = [];
  for (let first = 0; first < probes.length; first += PROBES_AT_ONCE) {
    const some = probes.slice(first, first + PROBES_AT_ONCE);
    const reader = await connection.runAndReadAll(
      `select ${some.map(({ sql }) => sql).join(', ')}`,
    );
    const [counts = []] = reader.getRows();
    found.push(...some.filter((_, i) => Number(counts[i]) !== 1).map(({ column }) => column));
  }
  return found;
}

/** DuckDB answers some questions from the statistics of the whole table alone, and makes room for no longer texts than these say. */
async function wrongAsAWhole(
  connection: DuckDBConnection,
  name: string,
  columns: readonly Named[],
  longest: ReadonlyMap<string, number>,
): Promise<string[]> {
  const plain = columns.filter((column) => !isText(column) && !isList(column));
  const texts = columns.filter(isText);
  const ends = plain.map(
    ({ name: own }) => `[min("${own}")::varchar, max("${own}")::varchar]::varchar`,
  );
  const look = async (): Promise<string[]> => {
    if (ends.length === 0) return [];
    const reader = await connection.runAndReadAll(`select ${ends.join(', ')} from ${name}`);
    return (reader.getRows()[0] ?? []).map(String);
  };
  const [believed, right] = [await look(), await distrustingStatistics(connection, look)];
  const lengths = texts.map(
    ({ name: own }) => `regexp_extract(stats("${own}"), '.*Max String Length: (\\d+)', 1)`,
  );
  const said =
    lengths.length === 0
      ? []
      : ((
          await connection.runAndReadAll(`select ${lengths.join(', ')} from ${name} limit 1`)
        ).getRows()[0] ?? []);
  return [
    // Of an infinite one DuckDB itself writes other ends.
    ...plain.filter((_, i) => believed[i] !== right[i] && right[i]?.includes('infinity') === false),
    ...texts.filter(
      ({ name: own }, i) => said[i] !== '' && Number(said[i]) < (longest.get(own) ?? 0),
    ),
  ].map(({ name: own }) => own);
}
