import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { DuckDBDateValue, DuckDBTimestampTZValue } from '../../platform/duckdb.ts';
import { sqlError } from './one-select.ts';

/** A value with its type: instants and dates in epoch milliseconds. */
export type Bound =
  | { type: 'instant' | 'date' | 'integer' | 'number'; value: number }
  | { type: 'text'; value: string };

/** By name. Of a text without a type DuckDB sees what its place in the SQL needs. */
export type Parameters = Readonly<Record<string, string | Bound | null>>;

/** Prepares SQL and binds its parameters; values never become part of the SQL. @throws AuditlakeError `sql` if they do not match */
export async function bound(
  connection: DuckDBConnection,
  sql: string,
  parameters: Parameters,
): Promise<DuckDBPreparedStatement> {
  const prepared = await connection.prepare(sql);
  const names = Array.from({ length: prepared.parameterCount }, (_, i) =>
    prepared.parameterName(i + 1),
  );
  const unknown = Object.keys(parameters).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw sqlError(
      `the SQL has no parameter ${unknown.map((name) => `$${name}`).join(', ')}`,
      names.length === 0
        ? 'leave --param out'
        : `it has ${names.map((name) => `$${name}`).join(', ')}`,
    );
  }
  for (const [i, name] of names.entries()) {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) {
      throw sqlError(
        `the SQL has the parameter $${name}, without a value`,
        `add --param ${name}=VALUE`,
      );
    }
    bindOne(prepared, i + 1, value);
  }
  return prepared;
}

const DAY_MS = 86_400_000;

function bindOne(
  prepared: DuckDBPreparedStatement,
  index: number,
  given: string | Bound | null,
): void {
  if (given === null) prepared.bindNull(index);
  else if (typeof given === 'string') prepared.bindVarchar(index, given);
  else if (given.type === 'text') prepared.bindVarchar(index, given.value);
  else if (given.type === 'integer') prepared.bindBigInt(index, BigInt(given.value));
  else if (given.type === 'number') prepared.bindDouble(index, given.value);
  else if (given.type === 'date') {
    prepared.bindDate(index, new DuckDBDateValue(Math.floor(given.value / DAY_MS)));
  } else {
    prepared.bindTimestampTZ(index, new DuckDBTimestampTZValue(BigInt(given.value) * 1000n));
  }
}
