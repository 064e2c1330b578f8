import type { Dataset, Table } from '@google-cloud/bigquery';
import type { SinkTools } from '../port.ts';
import type { Column } from './columns.ts';
import type { Chunk } from './encode.ts';
import { type JobTools, nameFor, runOnce } from './jobs.ts';
import { mergeSql } from './merge-sql.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Has a query job merge a staging table into the chunk's table.
 * @param at.created when the table was created: another table of the same name needs another job
 */
export async function mergeStaging(
  { table, identity }: Chunk,
  at: {
    dataset: Dataset;
    staging: Table;
    columns: readonly Column[];
    created: string;
    jobs: JobTools;
  },
  tools: SinkTools,
): Promise<void> {
  const { dataset, staging, columns, created, jobs } = at;
  const { client, location, pace } = jobs;
  const path = (name: string) => ({
    project: client.projectId,
    dataset: dataset.id ?? '',
    table: name,
  });
  const query = mergeSql(path(table.name), path(staging.id ?? ''), columns, table.uid);
  const work = {
    what: `merge into ${dataset.id}.${table.name}`,
    name: nameFor('merge', [...identity, created]),
    patience: pace.answer,
    start: (jobId: string) =>
      client.createJob({
        jobId,
        location,
        configuration: { query: { query, useLegacySql: false } },
      }),
    // An old success proves nothing: rows may have been deleted since, and a replay is to bring them back.
    result: async (finishedAt: number) => (finishedAt > tools.now() - DAY_MS ? true : null),
  };
  await runOnce(work, jobs);
}
