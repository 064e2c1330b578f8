/** The columns of a staging table, as BigQuery found them in the Parquet file, and those of the table that they go to. */
import type { TableSchema } from '@google-cloud/bigquery';
import { AuditlakeError, EXIT } from '../../errors.ts';
import { printable } from '../../platform/printable.ts';

export type Column = { name: string; type: string };

/** The API knows both names, and answers with the older one. */
const SAME_TYPE = new Map<string, string>(
  Object.entries({
    INT64: 'INTEGER',
    FLOAT64: 'FLOAT',
    BOOL: 'BOOLEAN',
  }),
);

/** @throws if a name cannot be quoted in SQL */
export function columnsOf(schema: TableSchema | undefined): Column[] {
  return (schema?.fields ?? []).map(({ name = '', type = '' }) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,299}$/.test(name)) {
      throw new AuditlakeError(
        'bigquery',
        `BigQuery: the column ${JSON.stringify(printable(name))} cannot be delivered`,
        'names of columns consist of letters, digits and underscores',
        EXIT.failed,
      );
    }
    const upper = type.toUpperCase();
    return { name, type: SAME_TYPE.get(upper) ?? upper };
  });
}

/**
 * The type with which the table keeps a column. JSON stays text as it was archived: BigQuery's type JSON refuses numbers that
 * a double cannot hold. A Parquet column marked as JSON may arrive as bytes.
 */
export function keptAs({ name, type }: Column): Column {
  return { name, type: type === 'BYTES' || type === 'JSON' ? 'STRING' : type };
}

/**
 * The columns that the table lacks.
 * @throws for a person if it has one with another type, as its content cannot be converted safely
 */
export function missingColumns(
  table: string,
  held: readonly Column[],
  arrived: readonly Column[],
): Column[] {
  const types = new Map(held.map(({ name, type }) => [name.toLowerCase(), type]));
  return arrived.map(keptAs).filter(({ name, type }) => {
    const present = types.get(name.toLowerCase());
    if (present === undefined || present === type) return present === undefined;
    throw new AuditlakeError(
      'bigquery',
      `BigQuery: ${table} has the column ${name} as ${printable(present)}, where ${type} is delivered`,
      'rename that table: the next run creates a new one, and `auditlake deliver --from-seq 0` fills it',
      EXIT.person,
    );
  });
}
