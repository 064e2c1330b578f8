import type { DuckDBConnection, DuckDBExtractedStatements } from '@duckdb/node-api';
import { StatementType } from '../../platform/duckdb.ts';
import { AuditlakeError, EXIT, messageOf } from '../../errors.ts';
import { firstRow } from '../database.ts';
import { MACROS, PUBLIC_TABLES } from '../tables.ts';
import { hintOn, withoutGuess } from './sql-hint.ts';
import { explained, skipBlank } from './sql-text.ts';

/**
 * Functions that do more than compute. The first ones write DuckDB's own log, to standard output if asked; the last ones run
 * SQL that is a text, in which any of them could be hidden.
 */
const FORBIDDEN = new Set([
  'enable_logging',
  'disable_logging',
  'write_log',
  'truncate_duckdb_logs',
  'checkpoint',
  'force_checkpoint',
  'getenv',
  'query',
  'json_execute_serialized_sql',
]);

/** What people ask. */
const READABLE = [...PUBLIC_TABLES, ...MACROS].map(({ name }) => name);

const HINT = 'give one SELECT (or FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN)';

/** Wrong SQL, or SQL that is not allowed. */
export function sqlError(what: string, hint: string, cause?: unknown): AuditlakeError {
  return new AuditlakeError('sql', what, hint, EXIT.usage, cause);
}

/** DuckDB's message about the user's SQL, candidates, line and caret included, as a usage error. */
export function asSqlError(error: unknown): AuditlakeError {
  if (error instanceof AuditlakeError) return error;
  const message = messageOf(error).replace(/^Failed to extract statements: /, '');
  return sqlError(withoutGuess(message).trimEnd(), hintOn(message, READABLE), error);
}

/** Accepts a single statement that only reads. @throws AuditlakeError `sql` for anything else */
export async function expectOneSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  // DuckDB's client throws an unreadable error for a text without a statement.
  if (/^;*$/.test(sql.slice(skipBlank(sql)))) throw sqlError('there is no SQL statement', HINT);
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) {
      throw sqlError(`expected one SQL statement, found ${statements.count}`, HINT);
    }
    await expectReading(connection, explained(sql) ?? sql, () => kindOf(statements));
  } catch (error) {
    throw asSqlError(error);
  }
}

/**
 * Only DuckDB's own serializer, which takes nothing but a SELECT, tells one from a pragma that becomes one. It parses; preparing
 * would plan all views below, as running it does again.
 */
async function expectReading(
  connection: DuckDBConnection,
  sql: string,
  kind: () => Promise<string>,
): Promise<void> {
  const { tree } = await firstRow(connection, 'select json_serialize_sql($sql::varchar) as tree', {
    sql,
  });
  if (!String(tree).startsWith('{"error":false')) {
    throw sqlError(`${await kind()} is not allowed`, HINT);
  }
  for (const [, name = ''] of String(tree).matchAll(/"function_name":"(\w+)"/g)) {
    if (FORBIDDEN.has(name.toLowerCase())) {
      throw sqlError(`the function ${name} is not allowed`, 'a query can only read tables');
    }
  }
}

/** What DuckDB calls the first of the statements. */
async function kindOf(statements: DuckDBExtractedStatements): Promise<string> {
  const prepared = await statements.prepare(0);
  const kind = StatementType[prepared.statementType];
  prepared.destroySync();
  return kind;
}
