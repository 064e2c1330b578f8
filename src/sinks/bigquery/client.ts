import type { BigQuery } from '@google-cloud/bigquery';
import { usageError } from '../../errors.ts';
import type { BigQueryOptions } from './sink.ts';

/**
 * The official client. It is optional, so it is loaded only when it is needed.
 *
 * Its own retries are off: it would send a query job again where the answer was lost, without telling.
 *
 * @throws usage if it is not installed
 */
export async function connect(options: BigQueryOptions): Promise<BigQuery> {
  const { BigQuery } = await load();
  const client = new BigQuery({
    projectId: options.project,
    ...(options.keyFile === null ? {} : { keyFilename: options.keyFile }),
    ...(options.apiEndpoint === null ? {} : { apiEndpoint: options.apiEndpoint }),
    retryOptions: { autoRetry: false },
  });
  // An emulator wants no credentials, but the client looks for some, at the end at the metadata server of a cloud.
  // With an API key in its place it asks nobody.
  if (options.apiEndpoint !== null && isLoopback(options.apiEndpoint)) {
    client.authClient.cachedCredential = client.authClient.fromAPIKey('none');
  }
  return client;
}

async function load(): Promise<typeof import('@google-cloud/bigquery')> {
  try {
    return await import('@google-cloud/bigquery');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      throw usageError(
        'a sink of type bigquery needs a package that is not installed',
        'npm install @google-cloud/bigquery',
      );
    }
    throw error;
  }
}

/** Plain HTTP on this machine; anywhere else a token would travel in the clear, so the client's HTTPS is asked for. */
export function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
