import type { Dataset, TableSchema } from '@google-cloud/bigquery';
import type { DeliveredTable } from '../port.ts';
import { BigQueryError } from './answers.ts';
import { call } from './call.ts';
import { type Column, columnsOf, keptAs, missingColumns } from './columns.ts';
import type { JobTools } from './jobs.ts';

/** The part of the API's description of a table that matters here. */
type Present = { schema?: TableSchema; creationTime: string };

/** The most columns that BigQuery clusters by. */
const MAX_CLUSTERING = 4;

/**
 * Creates the table if it does not exist, and adds the columns that it lacks. No column is removed or changes its type.
 *
 * @returns when the table was created: what was delivered to an earlier table of this name is not in it
 */
export async function prepareTable(
  dataset: Dataset,
  table: DeliveredTable,
  arrived: readonly Column[],
  tools: JobTools,
): Promise<string> {
  const what = `table ${dataset.id}.${table.name}`;
  const present =
    (await read(dataset, table.name, tools)) ?? (await create(dataset, table, arrived, tools));
  const fields = present.schema?.fields ?? [];
  const missing = missingColumns(what, columnsOf(present.schema), arrived);
  if (missing.length > 0) {
    const schema = { fields: [...fields, ...missing.map(nullable)] };
    await call(what, tools.pace, tools.signal, () =>
      dataset.table(table.name).setMetadata({ schema }),
    );
  }
  return present.creationTime;
}

async function read(dataset: Dataset, table: string, tools: JobTools): Promise<Present | null> {
  try {
    const [metadata]: [Present, ...unknown[]] = await call(
      `table ${dataset.id}.${table}`,
      tools.pace,
      tools.signal,
      () => dataset.table(table).getMetadata(),
    );
    return metadata;
  } catch (error) {
    if (error instanceof BigQueryError && error.fault === 'absent') return null;
    throw error;
  }
}

async function create(
  dataset: Dataset,
  table: DeliveredTable,
  arrived: readonly Column[],
  tools: JobTools,
): Promise<Present> {
  const what = `new table ${dataset.id}.${table.name}`;
  const present = new Set(arrived.map(({ name }) => name));
  const fields = table.clustering.filter((name) => present.has(name)).slice(0, MAX_CLUSTERING);
  try {
    await call(what, tools.pace, tools.signal, () =>
      dataset.createTable(table.name, {
        schema: { fields: arrived.map(keptAs).map(nullable) },
        timePartitioning: { type: 'DAY', field: table.time },
        ...(fields.length === 0 ? {} : { clustering: { fields } }),
      }),
    );
  } catch (error) {
    // Created by an attempt whose answer was lost.
    if (!(error instanceof BigQueryError) || error.fault !== 'existing') throw error;
  }
  const made = await read(dataset, table.name, tools);
  if (made !== null) return made;
  const message = 'the table was created and does not exist';
  throw new BigQueryError(what, { status: null, reason: 'backendError', message, network: null });
}

function nullable({ name, type }: Column): { name: string; type: string; mode: string } {
  return { name, type, mode: 'NULLABLE' };
}
