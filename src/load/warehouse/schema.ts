import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Transform } from '../../model.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const TABLES = read('schema.sql');
/** Later ones build on earlier ones. */
const VIEWS = ['names', 'events', 'directory', 'usage', 'agents', 'access', 'coverage']
  .map((name) => read(`../views/${name}.sql`))
  .join('\n');

/** Changes with the tables and views, which then have to be filled anew. */
export const SCHEMA_VERSION = createHash('sha256')
  .update(TABLES)
  .update('\n')
  .update(VIEWS)
  .digest('hex');

/** Makes the tables and views in an empty database. */
export async function createSchema(
  connection: DuckDBConnection,
  transform: Transform,
): Promise<void> {
  await connection.run(TABLES);
  await connection.run(VIEWS);
  await connection.run('insert into meta values ($version, 0)', { version: transform.version });
  const actions = parseVocabulary(transform.vocabulary);
  await connection.run(
    `insert into actions
     select unnest(from_json($actions, '[{"vendor":"VARCHAR","action":"VARCHAR","category":"VARCHAR","activity":"VARCHAR"}]'), recursive := true)`,
    { actions: JSON.stringify(actions) },
  );
}

/** Makes what the coverage is worked out from, without the rest: the ledger is to be loaded into it. */
export async function createCoverage(connection: DuckDBConnection): Promise<void> {
  await connection.run(TABLES);
  await connection.run(read('../views/coverage.sql'));
}

/** The vocabulary quotes nothing: none of its words has a comma. */
function parseVocabulary(csv: string): Record<string, string>[] {
  return csv
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [vendor = '', action = '', category = '', activity = ''] = line.split(',');
      return { vendor, action, category, activity };
    });
}
