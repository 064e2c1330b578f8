import type { Dataset, Table, TableSchema } from '@google-cloud/bigquery';
import { messageOf } from '../../errors.ts';
import type { DeliveredTable, SinkTools } from '../port.ts';
import { call } from './call.ts';
import { type Column, columnsOf } from './columns.ts';
import { BigQueryError, faultOf, refusalOf } from './faults.ts';
import { done, type JobTools, nameFor } from './jobs.ts';
import { mergeSql } from './merge.ts';
import { prepare } from './target.ts';

const DAY = 24 * 3_600_000;

export type Portion = {
  table: DeliveredTable;
  /** A Parquet file. */
  file: string;
  /** What makes it this portion and no other. */
  facts: readonly (string | number)[];
};

/**
 * Brings a portion into its table: loaded into a staging table, merged from there. Each step is a job whose name follows
 * from the portion, so that a repetition, after whatever crash, finds what was done.
 *
 * @returns why the file was not taken; null if it was
 */
export async function bring(
  portion: Portion,
  dataset: Dataset,
  jobs: JobTools,
  tools: SinkTools,
): Promise<BigQueryError | null> {
  const staging = dataset.table(nameFor('staging', portion.facts));
  // Into a table of its own, with whatever columns it has: what is invalid here is the file.
  const columns = await load(portion, dataset, staging, jobs, tools).catch((error: unknown) => {
    if (error instanceof BigQueryError && error.fault === 'invalid') return error;
    throw error;
  });
  if (columns instanceof BigQueryError) return columns;
  const created = await prepare(dataset, portion.table, columns, jobs);
  await merge(portion, { dataset, staging, columns, created }, jobs, tools);
  try {
    await call('drop of a staging table', jobs.pace, jobs.signal, () =>
      staging.delete({ ignoreNotFound: true }),
    );
  } catch (error) {
    if (jobs.signal.aborted) throw error;
    tools.onWarning(`${messageOf(error)}; ${staging.id ?? ''} expires within a day`);
  }
  return null;
}

/** @returns the columns as BigQuery found them in the file */
async function load(
  { table, file, facts }: Portion,
  dataset: Dataset,
  staging: Table,
  jobs: JobTools,
  tools: SinkTools,
): Promise<Column[]> {
  const what = `load into ${dataset.id}.${table.name}`;
  const expiring = (): { expirationTime: string } => ({
    expirationTime: String(tools.now() + DAY),
  });
  return done(
    {
      what,
      name: nameFor('load', facts),
      patience: jobs.pace.upload,
      async start(jobId) {
        await makeStaging(dataset, staging, expiring());
        await staging.createLoadJob(file, {
          jobId,
          sourceFormat: 'PARQUET',
          // A load that arrives late, after its run was killed, shall not make a table that nobody drops.
          createDisposition: 'CREATE_NEVER',
          writeDisposition: 'WRITE_TRUNCATE',
        });
      },
      // A former run may have dropped the table, or it expired. If it is there, it shall not expire under the MERGE.
      async result() {
        try {
          const [{ schema }]: [{ schema?: TableSchema }, ...unknown[]] = await call(
            what,
            jobs.pace,
            jobs.signal,
            () => staging.setMetadata(expiring()),
          );
          return columnsOf(schema);
        } catch (error) {
          if (error instanceof BigQueryError && error.fault === 'absent') return null;
          throw error;
        }
      },
    },
    jobs,
  );
}

/** Made before the load, because a load job cannot say when its table expires. */
async function makeStaging(
  dataset: Dataset,
  staging: Table,
  metadata: { expirationTime: string },
): Promise<void> {
  try {
    await dataset.createTable(staging.id ?? '', metadata);
  } catch (error) {
    if (faultOf(refusalOf(error)) !== 'existing') throw error;
  }
}

async function merge(
  { table, facts }: Portion,
  {
    dataset,
    staging,
    columns,
    created,
  }: { dataset: Dataset; staging: Table; columns: readonly Column[]; created: string },
  { client, location, pace, signal }: JobTools,
  tools: SinkTools,
): Promise<void> {
  const path = (name: string) => ({
    project: client.projectId,
    dataset: dataset.id ?? '',
    table: name,
  });
  const query = mergeSql(path(table.name), path(staging.id ?? ''), columns, table.uid);
  await done(
    {
      what: `merge into ${dataset.id}.${table.name}`,
      name: nameFor('merge', [...facts, created]),
      patience: pace.answer,
      start: (jobId) =>
        client.createJob({
          jobId,
          location,
          configuration: { query: { query, useLegacySql: false } },
        }),
      // An old success says nothing: rows may have been deleted since, and this be a replay that brings them back.
      result: async (finishedAt) => (finishedAt > tools.now() - DAY ? true : null),
    },
    { client, location, pace, signal },
  );
}
