/** Spark on this machine, by PySpark in a process of its own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SPARK } from './dialects.mjs';
import { temporaryFolder } from './temporary.mjs';

const PROGRAM = fileURLToPath(new URL('spark.py', import.meta.url));
const LIMIT_MS = 900_000;
const MAX_ANSWER = 256 * 2 ** 20;

/** @param python an interpreter that can import pyspark */
export function openSpark(python) {
  const name = 'Spark';
  if (spawnSync(python, ['-c', 'import pyspark']).status !== 0) {
    const hint = 'python3 -m venv /tmp/spark && /tmp/spark/bin/pip install pyspark';
    return {
      name,
      missing: `${name}: ${python} has no pyspark: ${hint}, then --python /tmp/spark/bin/python; it needs Java 17`,
    };
  }
  return { name, dialect: SPARK, ask: (job) => ask(python, job) };
}

/** Makes the tables, then answers each query with rows of texts, or with its error. */
function ask(python, { tables, queries }) {
  const job = {
    tables: tables.map((table) => ({ ...table, ddl: tableSql(table) })),
    queries,
  };
  const { status, stdout, stderr } = spawnSync(python, [PROGRAM], {
    cwd: temporaryFolder(),
    input: JSON.stringify(job),
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: MAX_ANSWER,
  });
  if (status !== 0) throw new Error(`Spark ended with ${status}: ${stderr.slice(-4000)}`);
  return JSON.parse(stdout);
}

/** As docs/engines.md has it. */
function tableSql({ name, folder, columns }) {
  const listed = columns.map((column) => `\`${column.name}\` ${SPARK.types[column.type]}`);
  return `create table ${name} (${[...listed, 'src string', 'month string'].join(', ')})
    using parquet partitioned by (src, month) location '${folder}'`;
}
