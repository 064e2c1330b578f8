import { join } from 'node:path';
import type { BigQuery, Dataset } from '@google-cloud/bigquery';
import { sha256OfFile } from '../../platform/durable.ts';
import { usageError } from '../../errors.ts';
import { after, type Parcel, type RowSink, type SinkTools, wholeSeq } from '../port.ts';
import { call, PACE, type Pace } from './call.ts';
import { connect, isLoopback } from './client.ts';
import type { BigQueryError } from './faults.ts';
import { isolate, type Range } from './isolate.ts';
import type { JobTools } from './jobs.ts';
import { bring } from './portion.ts';

export type BigQueryOptions = {
  project: string;
  dataset: string;
  /** Null: where the dataset is. */
  location: string | null;
  /** A service account's key as JSON; null for application default credentials. */
  keyFile: string | null;
  /** Another address of the API. Plain HTTP is for loopback only, and then no credentials are needed. */
  apiEndpoint: string | null;
  rowsPerJob: number;
};

/**
 * Rows into tables of a BigQuery dataset, each there once in its newest revision.
 *
 * @param name the sink's name in the configuration: part of what jobs are known by
 * @throws usage if project, dataset or endpoint cannot be names of such
 */
export function openBigQuery(name: string, options: BigQueryOptions, pace: Pace = PACE): RowSink {
  checkNames(options);
  let client: BigQuery | null = null;

  async function ready(tools: SinkTools): Promise<{ dataset: Dataset; jobs: JobTools }> {
    const connected = (client ??= await connect(options));
    const dataset = connected.dataset(options.dataset);
    const what = `dataset ${options.project}.${options.dataset}`;
    const [{ location = '' }]: [{ location?: string }, ...unknown[]] = await call(
      what,
      pace,
      tools.signal,
      () => dataset.getMetadata(),
    );
    if (options.location !== null && options.location.toUpperCase() !== location.toUpperCase()) {
      throw usageError(
        `${what} is in ${location}, the sink ${name} has location ${options.location}`,
        'correct or leave out the location: a dataset cannot be moved',
      );
    }
    const jobs = { client: connected, location, pace, signal: tools.signal };
    // The client says a job's location only if its dataset has been told.
    dataset.location = location;
    return { dataset, jobs };
  }

  async function deliver(parcel: Parcel, tools: SinkTools): Promise<void> {
    const { dataset, jobs } = await ready(tools);
    // A file has whole seqs. Where a part of one was delivered, all of it goes again: no row is there twice by that.
    let reached = wholeSeq(parcel.after);
    const bringRange = async (range: Range): Promise<number | BigQueryError> => {
      const lines = linesOf(range.rows);
      const file = join(parcel.scratch, `${parcel.table.name}-${range.after}-${range.to}.parquet`);
      const { rows } = await parcel.parquet(file, range.after, range.to, lines);
      if (rows === 0) return 0;
      const where = [
        range.after,
        range.to,
        ...(lines === undefined ? [] : [lines.first, lines.last]),
      ];
      const facts = [name, options.project, options.dataset, parcel.table.name, ...where];
      const portion = { table: parcel.table, file, facts: [...facts, await sha256OfFile(file)] };
      return (await bring(portion, dataset, jobs, tools)) ?? rows;
    };
    for (const cut of await parcel.cuts(options.rowsPerJob)) {
      const rows = await isolate({ after: reached, to: cut, rows: null }, parcel, bringRange);
      await parcel.delivered(after(cut), rows);
      tools.onProgress(`${name}: ${parcel.table.name} up to ${cut}`);
      reached = cut;
    }
  }

  return {
    kind: 'rows',
    deliver,
    async check(tools) {
      const { jobs } = await ready(tools);
      return `dataset ${options.project}.${options.dataset} in ${jobs.location}`;
    },
    async close() {
      client = null;
    },
  };
}

function linesOf(rows: Range['rows']): { first: number; last: number } | undefined {
  const first = rows?.[0]?.position.n;
  const last = rows?.at(-1)?.position.n;
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** These become part of SQL and of paths. */
function checkNames({ project, dataset, apiEndpoint }: BigQueryOptions): void {
  if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) {
    throw usageError(
      `${JSON.stringify(project)} is not the id of a Google Cloud project`,
      '6 to 30 of a-z, 0-9 and hyphen, beginning with a letter',
    );
  }
  if (!/^\w{1,1024}$/.test(dataset)) {
    throw usageError(
      `${JSON.stringify(dataset)} is not the name of a BigQuery dataset`,
      'letters, digits and underscores; the project is an option of its own',
    );
  }
  if (apiEndpoint !== null && !apiEndpoint.startsWith('https://') && !isLoopback(apiEndpoint)) {
    throw usageError(
      `the apiEndpoint ${apiEndpoint} would send the token in the clear`,
      'use https; http is for an emulator on this machine only',
    );
  }
}
