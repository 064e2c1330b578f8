import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { usageError } from '../../errors.ts';
import { trustOf } from '../../http/agent.ts';
import { proxiesOf } from '../../http/proxy.ts';
import type { Settings } from './options.ts';

export type Sdk = typeof import('@aws-sdk/client-s3');

/** The SDK is large and optional: it is loaded when a bucket is used. */
export async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw usageError(
      'a sink of type s3 needs the AWS SDK, which is not installed',
      'npm install @aws-sdk/client-s3',
    );
  }
}

/** Without a logger the SDK's warnings go to the console, into the middle of our log. */
const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function clientOf(sdk: Sdk, settings: Settings, connections: number): S3Client {
  const { accessKeyId, secretAccessKey, endpoint, caFile, timeout, env } = settings;
  const { http, https, except } = proxiesOf(env);
  // Node 24 and newer obey `proxyEnv`; older versions ignore it.
  const proxyEnv = { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: except };
  const agent = { keepAlive: true, maxSockets: connections, proxyEnv };
  const config: S3ClientConfig = {
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    // Each attempt needs a new stream of the file, which only the caller can open: the SDK repeats no streamed body.
    maxAttempts: 1,
    // By default a CRC32 trailer goes with every body, which R2, Google and older MinIO servers refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // With this header the SDK makes an agent of its own for each request, without our CA and connection limit.
    expectContinueHeader: false,
    logger: QUIET,
    requestHandler: {
      connectionTimeout: timeout,
      socketTimeout: timeout,
      logger: QUIET,
      httpAgent: agent,
      httpsAgent: { ...agent, ...trustOf(caFile) },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === null || secretAccessKey === null
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
  return withoutVersionWarning(() => new sdk.S3Client(config));
}

/**
 * The SDK announces which Node its future versions need, once per process and in the middle of our log. The version here does work
 * with the Node that package.json asks for. This is the switch that the SDK documents for it; it is read while a client is made.
 */
const SWITCH = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

function withoutVersionWarning<T>(make: () => T): T {
  const former = process.env[SWITCH];
  process.env[SWITCH] = 'true';
  try {
    return make();
  } finally {
    if (former === undefined) delete process.env[SWITCH];
    else process.env[SWITCH] = former;
  }
}
