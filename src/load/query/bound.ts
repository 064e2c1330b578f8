import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { sqlError } from './one-select.ts';

/** By name. */
export type Parameters = Readonly<Record<string, string>>;

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
    prepared.bindVarchar(i + 1, value);
  }
  return prepared;
}
