import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { AuditlakeError, EXIT, messageOf } from '../../errors.ts';

// DuckDB rewrites some pragmas into a SELECT, so that the kind of the statement does not tell.
const OPENING = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(\w*)/;
const ALLOWED: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN];

/** Wrong SQL, or SQL that is not allowed. */
export function sqlError(what: string, hint: string, cause?: unknown): AuditlakeError {
  return new AuditlakeError('sql', what, hint, EXIT.usage, cause);
}

/** DuckDB's message about the user's SQL, as a usage error. */
export function asSqlError(error: unknown): AuditlakeError {
  if (error instanceof AuditlakeError) return error;
  const hint = /^Out of Memory/i.test(messageOf(error))
    ? 'ask for less at once: fewer rows or columns, or a part of the time'
    : 'correct the SQL; other files cannot be read or written';
  return sqlError(messageOf(error).split('\n')[0] ?? '', hint, error);
}

/** Accepts a single statement that only reads. @throws AuditlakeError `usage` for anything else */
export async function expectOneSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const hint = 'give one SELECT (or FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN)';
  // DuckDB's client throws an unreadable error for a text without a statement.
  if (OPENING.exec(sql)?.[1] === '' && !/^[^;]*\(/.test(sql)) {
    throw sqlError('there is no SQL statement', hint);
  }
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) {
      throw sqlError(`expected one SQL statement, found ${statements.count}`, hint);
    }
    if (OPENING.exec(sql)?.[1]?.toLowerCase() === 'pragma') {
      throw sqlError('PRAGMA is not allowed', hint);
    }
    const prepared = await statements.prepare(0);
    try {
      const kind = prepared.statementType;
      if (!ALLOWED.includes(kind)) throw sqlError(`${StatementType[kind]} is not allowed`, hint);
    } finally {
      prepared.destroySync();
    }
  } catch (error) {
    throw asSqlError(error);
  }
}
