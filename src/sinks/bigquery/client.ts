import { readFile } from 'node:fs/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { messageOf, usageError } from '../../errors.ts';
import type { BigQueryOptions } from './sink.ts';

/**
 * The official client. It is optional, so it is loaded only when it is needed.
 *
 * Its own retries are off: it would send a query job again where the answer was lost, without telling.
 *
 * @throws usage if it is not installed, or the key file is none
 */
export async function connect(options: BigQueryOptions): Promise<BigQuery> {
  const { BigQuery } = await load();
  const client = new BigQuery({
    projectId: options.project,
    ...(options.keyFile === null ? {} : { credentials: await keyIn(options.keyFile) }),
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

/** Read here: of a file that is not JSON the client makes requests without a token. */
async function keyIn(file: string): Promise<object> {
  const hint = 'keyFile is the JSON that Google Cloud made for the key of a service account';
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw usageError(`the key file cannot be read: ${messageOf(error)}`, hint);
  });
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null) return key;
  } catch {
    // The error quotes the text, which is a secret.
  }
  throw usageError(`the key file ${file} is not a JSON object`, hint);
}

/** Plain HTTP on this machine; anywhere else a token would travel in the clear, so the client's HTTPS is asked for. */
export function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
