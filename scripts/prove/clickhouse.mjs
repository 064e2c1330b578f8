/** ClickHouse inside of this process, by chDB. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLICKHOUSE } from './dialects.mjs';

const HERE = fileURLToPath(import.meta.url);

/** @param folder where chdb was installed to, if it is not to be found from here */
export function openClickHouse(folder) {
  const name = 'ClickHouse';
  const chdb = load(folder);
  if (chdb === null) {
    const hint = 'npm install --prefix /tmp/chdb chdb, then --chdb /tmp/chdb';
    return { name, missing: `${name}: chdb is not installed: ${hint}` };
  }
  return { name, dialect: CLICKHOUSE, ask: (job) => ask(chdb, job) };
}

function load(folder) {
  try {
    return createRequire(folder === undefined ? HERE : join(folder, 'resolve.js'))('chdb');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** Makes a view of each table, then answers each query with rows of texts, or with its error. */
async function ask({ Session, drainPending }, { tables, queries }) {
  const session = new Session();
  const rows = async (sql) => {
    // A format without head and tail: chDB puts the tail of a failed answer before the next one.
    const answer = await session.queryAsync(sql, { format: 'JSONCompactEachRow' });
    const lines = answer.text().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  };
  try {
    const types = [];
    for (const table of tables) {
      const described = table.infer ? await rows(`describe file('${glob(table)}', Parquet)`) : [];
      types.push(Object.fromEntries(described.map(([name, type]) => [name, type])));
      await session.queryAsync(viewSql(table));
    }
    const answers = [];
    for (const sql of queries) {
      const answer = rows(sql).then(
        (found) => ({ rows: found }),
        (error) => ({ error: error.message }),
      );
      answers.push(await answer);
    }
    const [[version]] = await rows('select version()');
    return { version, types, answers };
  } finally {
    session.close();
    await drainPending();
  }
}

const glob = ({ folder }) => `${folder}/*/*/*.parquet`;

/** As docs/engines.md has it. The columns of the path are named as well: their types are not left to the first path found. */
function viewSql(table) {
  const columns = table.columns.map(({ name, type }) => `\`${name}\` ${CLICKHOUSE.types[type]}`);
  const structure = [...columns, 'src String', 'month String'].join(', ').replaceAll("'", "\\'");
  return `create view ${table.name} as select * from file('${glob(table)}', Parquet, '${structure}')`;
}
