import type { Column } from './columns.ts';

/** A table's full name. Options and columns are checked: no part can contain a backtick. */
type TablePath = { project: string; dataset: string; table: string };

/**
 * The statement that merges a staging table into a table, any number of times with the same result: a row is known by its
 * uid, and the highest revision stays.
 */
export function mergeSql(
  to: TablePath,
  from: TablePath,
  columns: readonly Column[],
  uid: string,
): string {
  const names = columns.map(({ name }) => `\`${name}\``);
  const values = columns.map(readable).join(', ');
  // One row per uid: BigQuery refuses a MERGE in which two source rows match the same row.
  return [
    `MERGE INTO ${path(to)} AS held`,
    `USING (SELECT ${values} FROM ${path(from)} AS staged WHERE TRUE`,
    `  QUALIFY ROW_NUMBER() OVER (PARTITION BY staged.\`${uid}\` ORDER BY staged.\`revision\` DESC) = 1) AS arrived`,
    `ON held.\`${uid}\` = arrived.\`${uid}\``,
    `WHEN MATCHED AND arrived.\`revision\` > held.\`revision\` THEN`,
    `  UPDATE SET ${names.map((name) => `${name} = arrived.${name}`).join(', ')}`,
    `WHEN NOT MATCHED THEN`,
    `  INSERT (${names.join(', ')}) VALUES (${names.map((name) => `arrived.${name}`).join(', ')})`,
  ].join('\n');
}

function readable({ name, type }: Column): string {
  const column = `staged.\`${name}\``;
  if (type === 'BYTES') return `SAFE_CONVERT_BYTES_TO_STRING(${column}) AS \`${name}\``;
  if (type === 'JSON') return `TO_JSON_STRING(${column}) AS \`${name}\``;
  return `${column} AS \`${name}\``;
}

function path({ project, dataset, table }: TablePath): string {
  return `\`${project}\`.\`${dataset}\`.\`${table}\``;
}
