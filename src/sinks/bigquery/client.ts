import { readFile } from 'node:fs/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { messageOf, usageError } from '../../errors.ts';
import type { Settings } from './options.ts';

/**
 * The official client. It is an optional dependency, loaded only when it is needed.
 *
 * Its own retries are off: it would silently send a query job again if the answer was lost.
 *
 * @throws usage if it is not installed, or the key file cannot be read as one
 */
export async function connect({ project, keyFile, apiEndpoint }: Settings): Promise<BigQuery> {
  const { BigQuery } = await load();
  const client = new BigQuery({
    projectId: project,
    ...(keyFile === undefined ? {} : { credentials: await keyIn(keyFile) }),
    ...(apiEndpoint === undefined ? {} : { apiEndpoint }),
    retryOptions: { autoRetry: false },
  });
  // Plain http is an emulator on loopback. It needs no credentials, but the client looks for some, in the end at a cloud's
  // metadata server. With an API key in their place it asks nobody.
  if (apiEndpoint?.startsWith('http:') === true) {
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

/** Read here, because with a file that is not JSON the client sends requests without a token. */
async function keyIn(file: string): Promise<object> {
  const hint = 'set keyFile to the JSON that Google Cloud made for the key of a service account';
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw usageError(`the key file cannot be read: ${messageOf(error)}`, hint);
  });
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null) return key;
  } catch {
    // The error would quote the text, which is a secret.
  }
  throw usageError(`the key file ${file} is not a JSON object`, hint);
}
