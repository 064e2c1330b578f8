import type { BigQuery } from '@google-cloud/bigquery';
import { defineSink } from '../define.ts';
import type { RowSink, SinkTools } from '../port.ts';
import { PACE, type Pace } from './call.ts';
import { check } from './check.ts';
import { connect } from './client.ts';
import { type Connected, openDataset } from './dataset.ts';
import { options, type Settings } from './options.ts';
import { deliver } from './send.ts';

/** A load job is slow whatever it loads, and a file of so many rows has some 30 MB. */
const ROWS_PER_JOB = 200_000;

export const bigquery = defineSink({
  type: 'bigquery',
  title: 'Google BigQuery',
  receives: 'rows',
  formats: ['auditlake'],
  options,
  secrets: {},
  open: (name, configured) =>
    openBigQuery(name, { ...configured.options, rowsPerJob: ROWS_PER_JOB }),
});

/**
 * Delivers rows into tables of a BigQuery dataset, each there once in its newest revision.
 *
 * @param name the sink's name in the configuration: a part of what identifies its jobs
 */
export function openBigQuery(name: string, settings: Settings, pace: Pace = PACE): RowSink {
  let client: BigQuery | null = null;
  const connected = async ({ signal }: SinkTools): Promise<Connected> => {
    client ??= await connect(settings);
    return openDataset(client, { name, settings, pace, signal });
  };
  return {
    kind: 'rows',
    async deliver(delivery, tools) {
      await deliver(delivery, tools, { name, settings, ...(await connected(tools)) });
    },
    check: async (tools) => check(settings, await connected(tools)),
    async close() {
      client = null;
    },
  };
}
