import type { Dataset, Table, TableSchema } from '@google-cloud/bigquery';
import type { SinkTools } from '../port.ts';
import { BigQueryError, faultOf, refusalOf } from './answers.ts';
import { call } from './call.ts';
import { type Column, columnsOf } from './columns.ts';
import type { Chunk } from './encode.ts';
import { type JobTools, nameFor, runOnce } from './jobs.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Has a load job load the chunk's file into a staging table, which BigQuery drops after a day if nobody else does.
 * @returns the columns that BigQuery found in the file
 */
export async function loadIntoStaging(
  { table, file, identity }: Chunk,
  { dataset, staging, jobs }: { dataset: Dataset; staging: Table; jobs: JobTools },
  tools: SinkTools,
): Promise<Column[]> {
  const what = `load into ${dataset.id}.${table.name}`;
  const expiring = (): { expirationTime: string } => ({
    expirationTime: String(tools.now() + DAY_MS),
  });
  const work = {
    what,
    name: nameFor('load', identity),
    patience: jobs.pace.upload,
    async start(jobId: string) {
      await createStaging(dataset, staging, expiring(), tools.now());
      await staging.createLoadJob(file, {
        jobId,
        sourceFormat: 'PARQUET',
        // A load that starts late, after its run was killed, must not create a table that nobody drops.
        createDisposition: 'CREATE_NEVER',
        writeDisposition: 'WRITE_TRUNCATE',
      });
    },
    // An earlier run may have dropped the table, or it has expired. If it exists, it must not expire during the MERGE.
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
  };
  return runOnce(work, jobs);
}

/** Created before the load, because a load job cannot set when its table expires. */
async function createStaging(
  dataset: Dataset,
  staging: Table,
  metadata: { expirationTime: string },
  now: number,
): Promise<void> {
  try {
    await dataset.createTable(staging.id ?? '', metadata);
  } catch (error) {
    if (faultOf(refusalOf(error, now)) !== 'existing') throw error;
  }
}
