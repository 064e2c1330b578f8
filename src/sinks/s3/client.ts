import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { usageError } from '../../errors.ts';
import { trustOf } from '../../http/agent.ts';

export type S3Options = {
  bucket: string;
  /** Empty, or ends with a slash. */
  prefix: string;
  region: string;
  /** Of a server other than AWS. */
  endpoint: string | null;
  forcePathStyle: boolean;
  /** Null: whatever the SDK finds by itself (environment, profile, role of the machine). */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  /** Milliseconds to connect, and without a byte moving. */
  timeout: number;
  caFile: string | undefined;
};

export type Sdk = typeof import('@aws-sdk/client-s3');

/** The SDK is large and few need it: it may be left out of an installation, and is loaded when a mirror is used. */
export async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw usageError(
      'a mirror in an object store needs the AWS SDK, which is not installed',
      'npm install @aws-sdk/client-s3',
    );
  }
}

/** Left out, warnings of the SDK would go to the console, where the log is. */
const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function clientOf(sdk: Sdk, options: S3Options, connections: number): S3Client {
  const { accessKeyId, secretAccessKey, endpoint, caFile, timeout } = options;
  // `proxyEnv` makes Node 24 and newer obey HTTPS_PROXY and NO_PROXY; older ones do not know it.
  const agent = { keepAlive: true, maxSockets: connections, proxyEnv: process.env };
  const config: S3ClientConfig = {
    region: options.region,
    forcePathStyle: options.forcePathStyle,
    // Each attempt needs a new stream of the file, which only the caller can open: the SDK repeats no streamed body.
    maxAttempts: 1,
    // Otherwise a CRC32 trailer goes with every body, which R2, Google and older MinIO servers refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // With this header the SDK makes an agent of its own for each request, which has neither the CA nor the limit.
    expectContinueHeader: false,
    logger: QUIET,
    requestHandler: {
      connectionTimeout: timeout,
      socketTimeout: timeout,
      logger: QUIET,
      httpAgent: agent,
      httpsAgent: { ...agent, ...trustOf(caFile) },
    },
    ...(endpoint === null ? {} : { endpoint }),
    ...(accessKeyId === null || secretAccessKey === null
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
  return new sdk.S3Client(config);
}
