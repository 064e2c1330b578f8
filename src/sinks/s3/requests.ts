import { isIP } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { AuditlakeError, EXIT, stopped } from '../../errors.ts';
import { repeated } from '../../http/repeat.ts';
import type { SinkTools } from '../port.ts';
import { diagnose, S3Error } from './answers.ts';
import type { Sdk } from './client.ts';
import { keyOf } from './key.ts';
import type { Settings } from './options.ts';

/** An object, as every command of the SDK names it. */
export type Target = { Bucket: string; Key: string };

/** Requests to one bucket: paths of the home become keys, failures become errors, and what may pass is retried. */
export type Requests = {
  sdk: Sdk;
  client: S3Client;
  /** A path of the home as messages name it. */
  where: (path: string) => string;
  onWarning: (text: string) => void;
  /**
   * @param verb the HTTP method, for messages
   * @throws S3Error, or AuditlakeError where the run was stopped
   */
  send: <T>(
    verb: string,
    path: string,
    attempt: (target: Target, abortSignal: AbortSignal) => Promise<T>,
  ) => Promise<T>;
};

/** A few seconds, for what passes soon. The next run does the rest. */
const RETRY = { attempts: 5, firstPause: 100, longestPause: 10_000, longestRetryAfter: 60_000 };

/** One attempt. The SDK itself waits as long as a byte comes now and then. */
const DEADLINE_MS: Readonly<Record<string, number>> = { GET: 30 * 60_000, PUT: 30 * 60_000 };
const SHORT_DEADLINE_MS = 60_000;

export function requestsTo(
  sdk: Sdk,
  client: S3Client,
  settings: Pick<Settings, 'bucket' | 'prefix' | 'endpoint' | 'forcePathStyle'>,
  tools: SinkTools,
): Requests {
  const { signal } = tools;
  const { bucket, prefix } = settings;
  const where = (path: string): string => `s3://${bucket}/${keyOf(prefix, path)}`;
  return {
    sdk,
    client,
    where,
    onWarning: (text) => tools.onWarning(text),
    async send(verb, path, attempt) {
      const target = { Bucket: bucket, Key: keyOf(prefix, path) };
      const explained = async () => {
        const ms = DEADLINE_MS[verb] ?? SHORT_DEADLINE_MS;
        const deadline = AbortSignal.timeout(ms);
        try {
          return await attempt(target, AbortSignal.any([signal, deadline]));
        } catch (error) {
          if (deadline.aborted && !signal.aborted)
            throw overdue(`${verb} ${where(path)}`, ms, error);
          const failure =
            error instanceof AuditlakeError
              ? null
              : diagnose(error, tools.now(), hasBucketInHost(settings));
          throw failure === null ? error : new S3Error(`${verb} ${where(path)}`, failure, error);
        }
      };
      try {
        return await repeated(explained, {
          policy: RETRY,
          signal,
          retryHintOf: (error) =>
            error instanceof S3Error && error.fault === 'busy' ? error.retryAfter : 'never',
        });
      } catch (error) {
        throw signal.aborted ? stopped() : error;
      }
    },
  };
}

/** The SDK puts the bucket into the path by itself where the host is an address. */
function hasBucketInHost({
  endpoint,
  forcePathStyle,
}: Pick<Settings, 'endpoint' | 'forcePathStyle'>): boolean {
  if (endpoint === undefined || forcePathStyle) return false;
  return isIP(new URL(endpoint).hostname.replace(/^\[(.*)\]$/, '$1')) === 0;
}

/** Not tried again in this run: it would take as long. */
function overdue(attempted: string, ms: number, cause: unknown): AuditlakeError {
  return new AuditlakeError(
    's3-slow',
    `${attempted}: not over within ${ms / 60_000} min`,
    'look at the network and the object store; the next run goes on from here',
    EXIT.incomplete,
    cause,
  );
}
