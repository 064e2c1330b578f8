/** Whether the SQL of a question is what its head says: asked of a warehouse that has every table and no row. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { firstRow } from '../load/database.ts';
import { bound } from '../load/query/bound.ts';
import { withEmptyWarehouse } from '../load/query/empty-warehouse.ts';
import { asSqlError, expectOneSelect } from '../load/query/one-select.ts';
import type { Question } from './head.ts';
import { sampleOf } from './parameters.ts';

type Linted = Pick<Question, 'sql' | 'parameters' | 'columns'>;

/** Of a warehouse without a row every question has its answer at once. */
const PATIENCE_MS = 10_000;

/** What is wrong with each question, in their order; an empty list where nothing is. */
export async function lint(
  questions: readonly Linted[],
  patience: number = PATIENCE_MS,
): Promise<string[][]> {
  if (questions.length === 0) return [];
  return await withEmptyWarehouse(async (connection) => {
    const faults: string[][] = [];
    for (const question of questions)
      faults.push(await inTime(connection, patience, () => lintOne(connection, question)));
    return faults;
  });
}

async function inTime(
  connection: DuckDBConnection,
  patience: number,
  work: () => Promise<string[]>,
): Promise<string[]> {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    connection.interrupt();
  }, patience);
  try {
    const faults = await work();
    return isOver
      ? [`its SQL takes longer than ${patience / 1000} s where there is no row`]
      : faults;
  } finally {
    clearTimeout(timer);
  }
}

async function lintOne(connection: DuckDBConnection, question: Linted): Promise<string[]> {
  const { sql, parameters, columns } = question;
  try {
    await expectOneSelect(connection, sql);
    const used = await parametersOf(connection, sql);
    const mismatched = differences('parameters', Object.keys(parameters), used);
    if (mismatched.length > 0) return mismatched;
    const samples = Object.entries(parameters).map(([name, { type }]) => [name, sampleOf(type)]);
    const prepared = await bound(connection, sql, Object.fromEntries(samples));
    const result = await prepared.run();
    const given = result.deduplicatedColumnNames();
    return [
      ...differences('columns', Object.keys(columns), given),
      ...(await misplaced(connection, sql)),
    ];
  } catch (error) {
    return [asSqlError(error).message];
  }
}

async function parametersOf(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const prepared = await connection.prepare(sql);
  return Array.from({ length: prepared.parameterCount }, (_, i) => prepared.parameterName(i + 1));
}

/** The head lists what the SQL has: columns in their order, parameters in any. */
function differences(what: 'parameters' | 'columns', head: string[], sql: string[]): string[] {
  const missing = sql.filter((name) => !head.includes(name));
  const unused = head.filter((name) => !sql.includes(name));
  const faults = [
    ...missing.map((name) => `${what}: the SQL has ${name}, which the head does not`),
    ...unused.map((name) => `${what}: the head has ${name}, which the SQL does not`),
  ];
  if (faults.length > 0 || what === 'parameters' || head.join() === sql.join()) return faults;
  return [`columns: the SQL has them in another order: ${sql.join(', ')}`];
}

/** The clock is an argument: the same question about the same time has the same answer. */
const CLOCK = /"function_name":"(now|today|get_current_\w+|current_\w+|transaction_timestamp)"/;

async function misplaced(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const { tree } = await firstRow(connection, 'select json_serialize_sql($sql::varchar) as tree', {
    sql,
  });
  const [, clock] = CLOCK.exec(String(tree)) ?? [];
  return [
    ...(/"schema(_name)?":"internal"/.test(String(tree))
      ? ['it reads the schema internal, which may change: read public tables']
      : []),
    ...(clock === undefined
      ? []
      : [`it calls ${clock}(): declare a parameter of the type instant with the default now`]),
  ];
}
