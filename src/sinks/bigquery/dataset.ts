import type { BigQuery, Dataset } from '@google-cloud/bigquery';
import { usageError } from '../../errors.ts';
import { call, type Pace } from './call.ts';
import type { JobTools } from './jobs.ts';
import type { Settings } from './options.ts';

export type Connected = { dataset: Dataset; jobs: JobTools };

/**
 * Looks the dataset up: jobs must run where it is.
 * @throws usage if it is not where the configuration says; BigQueryError
 */
export async function openDataset(
  client: BigQuery,
  input: { name: string; settings: Settings; pace: Pace; signal: AbortSignal },
): Promise<Connected> {
  const { name, settings, pace, signal } = input;
  const dataset = client.dataset(settings.dataset);
  const what = `dataset ${settings.project}.${settings.dataset}`;
  const [{ location = '' }]: [{ location?: string }, ...unknown[]] = await call(
    what,
    pace,
    signal,
    () => dataset.getMetadata(),
  );
  if (
    settings.location !== undefined &&
    settings.location.toUpperCase() !== location.toUpperCase()
  ) {
    throw usageError(
      `${what} is in ${location}, the sink ${name} has location ${settings.location}`,
      'correct the location or leave it out: a dataset cannot be moved',
    );
  }
  // The client sends a job's location only if its dataset has one.
  dataset.location = location;
  return { dataset, jobs: { client, location, pace, signal } };
}
