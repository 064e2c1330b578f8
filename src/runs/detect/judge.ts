import type { DuckDBConnection } from '@duckdb/node-api';
import { AuditlakeError } from '../../errors.ts';
import type { Millis } from '../../model.ts';
import { type Bound, bound } from '../../load/query/bound.ts';
import { asSqlError, expectOneSelect } from '../../load/query/one-select.ts';
import type { Detection } from '../../questions/head.ts';
import { defaultOf } from '../../questions/parameters.ts';
import { judgeSql } from './judge-sql.ts';
import type { Range } from './progress.ts';

/** What became of a finding. */
export type Change = 'new' | 'changed' | 'closed';

/** A finding that is to be archived. `record` is JSON. */
export type Judgement = { id: string; change: Change; time: Millis; record: string };

/** What a detection is asked with, beyond the defaults of its head. */
export type Given = { now: Millis; rule: string; range: Range; troubles: string };

/**
 * Asks a detection, and says what of its answer is not archived yet.
 *
 * @throws AuditlakeError `sql` (exit 2) that names the detection
 */
export async function judge(
  connection: DuckDBConnection,
  detection: Detection,
  given: Given,
): Promise<Judgement[]> {
  const { now, rule, range } = given;
  try {
    await expectOneSelect(connection, detection.sql);
    const sql = judgeSql(detection, { rule, now, since: range.since });
    const prepared = await bound(connection, sql, parametersOf(detection, given));
    const rows = (await prepared.runAndReadAll()).getRows();
    return rows.map(([id, change, time, record]) => ({
      id: String(id),
      change: change as Change,
      time: Number(time),
      record: String(record),
    }));
  } catch (error) {
    const { code, message, hint, exit } = asSqlError(error);
    throw new AuditlakeError(code, `${detection.name}: ${message}`, hint, exit, error);
  }
}

/** `after` and `troubles` are what only a run knows; anything else is as the head says. */
function parametersOf(
  { parameters }: Detection,
  { now, range, troubles }: Given,
): Record<string, Bound | null> {
  const known: Record<string, Bound> = {
    after: { type: 'integer', value: range.after },
    troubles: { type: 'text', value: troubles },
  };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      known[name] ?? defaultOf(parameter, now),
    ]),
  );
}
