import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { firstRow } from '../database.ts';
import { qualified, type Table } from '../tables.ts';
import { areSameInOrder } from './same-rows.ts';
import { type Difference, MAX_ROWS, MAX_TEXT, shortened } from './difference.ts';

/** Three years of days. Beyond that rows are counted together: a forger must not fill the memory with a report. */
const MAX_PLACES = 1_000;

/** Of both sides together: grouping holds them in memory. */
const ROWS_AT_ONCE = 50_000;

/** Bytes. Up to here a text is grouped in a fifth of the time that its hash takes. */
const LONG_JSON = 4096;

const EMPTY_PLACES = `
create or replace temp table places (
  source varchar, stream varchar, day varchar, in_warehouse hugeint, in_archive hugeint
)`;

const PLACES = `
with summed as (
  select source, stream, day, sum(in_warehouse) as in_warehouse, sum(in_archive) as in_archive
  from places group by all
),
numbered as (
  select *, row_number() over (order by source, stream, day) <= ${MAX_PLACES} as named from summed
)
select
  if(named, source, null) as source, if(named, stream, null) as stream, if(named, day, null) as day,
  sum(in_warehouse)::double as in_warehouse, sum(in_archive)::double as in_archive
from numbered
group by all
order by 1, 2, 3`;

/** The portion that has every row. */
const ALL = 'true';

type Row = Record<string, DuckDBValue>;

/** How many rows each table has in both files together, by its qualified name. */
export async function rowCounts(
  connection: DuckDBConnection,
  tables: readonly Table[],
): Promise<Map<string, number>> {
  const counts = tables.map((table) => countOf(table, ALL));
  const reader = await connection.runAndReadAll(`select ${counts.join(', ')}`);
  const [found = []] = reader.getRows();
  return new Map(tables.map((table, i) => [qualified(table), Number(found[i])]));
}

/**
 * Compares a table's rows in both files, portion by portion of seq, so that few are in memory. The values themselves
 * are compared, and how often a row is there: what only looks alike, and a duplicate, differ as well. The table must be defined as
 * auditlake does.
 *
 * @param ends the last seq of every portion, ascending; what lies beyond the last one is a portion too
 * @param rows how many there are, as in `rowCounts`
 */
export async function differingRows(
  connection: DuckDBConnection,
  table: Table,
  ends: readonly number[],
  rows: number,
): Promise<Difference[]> {
  const first: Row[] = [];
  let differs = false;
  if (rows === 0 || (await areSameInOrder(connection, table, ALL))) return [];
  for (const portion of table.key.includes('seq') ? portions(ends) : [ALL]) {
    for (const part of await parts(connection, table, portion, rows)) {
      if (part !== ALL && (await areSameInOrder(connection, table, part))) continue;
      const made = await connection.runAndReadAll(differing(table, part));
      if (made.value(0, 0) === 0n) continue;
      if (!differs) await connection.run(EMPTY_PLACES);
      differs = true;
      await connection.run(addPlaces(table));
      const reader = await connection.runAndReadAll(firstOf(table, MAX_ROWS - first.length));
      first.push(...reader.getRowObjects());
    }
  }
  if (!differs) return [];
  const places = (await connection.runAndReadAll(PLACES)).getRowObjects();
  return withRows(table.name, places, first);
}

/** A row without a seq is in the last portion. */
function portions(ends: readonly number[]): string[] {
  const last = ends.at(-1);
  if (last === undefined || ends.length === 1) return [ALL];
  return [
    ...ends.map((end, i) => {
      const former = ends[i - 1];
      return former === undefined ? `seq <= ${end}` : `seq > ${former} and seq <= ${end}`;
    }),
    `seq > ${last} or seq is null`,
  ];
}

/**
 * A record may give many rows, and a forger may put all of a file into one portion. Any division does that sends equal
 * rows to the same part.
 */
async function parts(
  connection: DuckDBConnection,
  table: Table,
  portion: string,
  atMost: number,
): Promise<string[]> {
  if (atMost <= ROWS_AT_ONCE) return [portion];
  const { rows } = await firstRow(connection, `select ${countOf(table, portion)} as rows`);
  const count = Math.ceil(Number(rows) / ROWS_AT_ONCE);
  if (count <= 1) return count === 0 ? [] : [portion];
  return Array.from(
    { length: count },
    (_, part) => `(${portion}) and hash(${table.key.join(', ')}) % ${count} = ${part}`,
  );
}

function countOf(table: Table, portion: string): string {
  const side = (name: string): string =>
    `(select count(*) from ${name}.${qualified(table)} where ${portion})`;
  return `${side('warehouse')} + ${side('archive')}`;
}

/**
 * What is compared of a table's rows. JSON may hold megabytes: for a long one its SHA-256 stands, and its length, since somebody may
 * have written the very SHA-256 into the column: not every way to write asks whether it is JSON. As numbers, zero and minus zero would
 * be the same.
 */
function comparedOf({ columns }: Table): string {
  return Object.entries(columns)
    .map(([name, { type }]) => {
      const text = `"${name}"::varchar`;
      if (type === 'json') {
        return `if(strlen(${text}) > ${LONG_JSON}, sha256(${text}), ${text}) as "${name}", strlen(${text}) as "${name} bytes"`;
      }
      return type === 'double' ? `${text} as "${name}"` : `"${name}"`;
    })
    .join(', ');
}

/** As a statement that answers with the number of rows that differ. */
function differing(table: Table, portion: string): string {
  const columns = comparedOf(table);
  return `
  create or replace temp table differing as
  select * exclude (side), sum(side) as surplus
  from (
    select ${columns}, 1 as side from warehouse.${qualified(table)} where ${portion}
    union all
    select ${columns}, -1 as side from archive.${qualified(table)} where ${portion}
  )
  group by all
  having sum(side) <> 0`;
}

/** The first of the columns, which every answer about a table's rows begins with. */
function placeOf({ columns, time }: Table): string {
  const source = 'source' in columns ? 'source' : 'null';
  const stream = 'stream' in columns ? 'stream' : 'null';
  const day = time === null ? 'null::timestamptz' : `"${time}"`;
  return `
    left(${source}, ${MAX_TEXT}) as place_source,
    left(${stream}, ${MAX_TEXT}) as place_stream,
    case when isfinite(${day}) then strftime(${day}, '%Y-%m-%d') end as place_day`;
}

function addPlaces(table: Table): string {
  return `
  insert into places
  select ${placeOf(table)}, sum(greatest(surplus, 0)), sum(greatest(-surplus, 0))
  from differing
  group by all`;
}

function firstOf(table: Table, count: number): string {
  const key = table.key.join(', ');
  return `
  select ${placeOf(table)}, if(surplus > 0, 'warehouse', 'archive') as only_in, ${key}
  from differing
  order by ${key}, only_in desc
  limit ${count}`;
}

function withRows(table: string, places: Row[], first: Row[]): Difference[] {
  const found = places.map((place): Difference => ({
    table,
    source: textOrNull(place['source']),
    stream: textOrNull(place['stream']),
    day: textOrNull(place['day']),
    only_in_warehouse: Number(place['in_warehouse']),
    only_in_archive: Number(place['in_archive']),
    rows: [],
  }));
  // Where places are counted together, they have no names.
  const together = found.find(({ source, stream, day }) => (source ?? stream ?? day) === null);
  for (const { place_source, place_stream, place_day, ...row } of first) {
    const place = found.find(
      ({ source, stream, day }) =>
        source === place_source && stream === place_stream && day === place_day,
    );
    (place ?? together)?.rows.push(shortened(row));
  }
  return found;
}

function textOrNull(value: DuckDBValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
