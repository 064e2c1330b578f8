/**
 * Whether the statistics in Parquet files are true. Readers skip what by them has no row that is asked for: with the right rows and
 * forged statistics, a file hides rows from whoever filters.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, noPattern } from '../database.ts';
import type { LakeColumn } from './sql.ts';

/**
 * The files of which a row group has values that its statistics leave out, or a bloom filter, which ours never have. Statistics that
 * leave out less than they could are true.
 */
export async function misleadingFiles(
  connection: DuckDBConnection,
  columns: readonly LakeColumn[],
  files: readonly string[],
): Promise<Set<string>> {
  const list = `[${files.map((file) => literal(noPattern(file))).join(', ')}]`;
  const reader = await connection.runAndReadAll(misleadingSql(columns, list));
  return new Set(reader.getRows().map(([file]) => String(file)));
}

function misleadingSql(columns: readonly LakeColumn[], list: string): string {
  const seen = columns.map(
    ({ name }, i) =>
      `min("${name}") as min_${i}, max("${name}") as max_${i}, count_if("${name}" is null) as nulls_${i}`,
  );
  const wrong = columns.map(
    ({ name, type }, i) => `(name = ${literal(name)} and (${wrongOf(type, i)}))`,
  );
  return `
  with noted as (
    select file_name, row_group_id, row_group_num_rows as rows, path_in_schema as name,
      stats_min, stats_min_value, stats_max, stats_max_value, stats_null_count, bloom_filter_offset
    from parquet_metadata(${list})
  ),
  groups as (
    select *, sum(rows) over (partition by file_name order by row_group_id) as ending
    from (select distinct file_name, row_group_id, rows from noted)
  ),
  seen as (
    select g.file_name, g.row_group_id, ${seen.join(', ')}
    from read_parquet(${list}, hive_partitioning = false, filename = true, file_row_number = true) r
    join groups g on r.filename = g.file_name and r.file_row_number >= g.ending - g.rows and r.file_row_number < g.ending
    group by all
  )
  select distinct file_name from noted join seen using (file_name, row_group_id)
  where bloom_filter_offset is not null or ${wrong.join(' or ')}`;
}

/** What is not there says nothing; what is no value of the type is not true. */
function wrongOf(type: string, i: number): string {
  const as = (text: string): string => `try_cast(${text} as ${type === 'JSON' ? 'VARCHAR' : type})`;
  const isNone = (text: string): string => `(${text} is not null and ${as(text)} is null)`;
  return [
    ...['stats_min', 'stats_min_value'].flatMap((text) => [isNone(text), `${as(text)} > min_${i}`]),
    ...['stats_max', 'stats_max_value'].flatMap((text) => [isNone(text), `${as(text)} < max_${i}`]),
    `stats_null_count <> nulls_${i}`,
  ].join(' or ');
}
