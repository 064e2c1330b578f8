import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import pRetry from 'p-retry';
import { AuditlakeError, EXIT, integrityError, messageOf, stopped } from '../../errors.ts';
import type { SinkTools } from '../port.ts';
import type { S3Options, Sdk } from './client.ts';
import { type Content, hashOf } from './content.ts';
import { diagnose, type Failure, toError } from './failure.ts';
import { keyOf } from './key.ts';

/** What is under a key. `sha256` in hex, null if nobody said it when it was written. */
export type Held = { bytes: number; sha256: string | null; etag: string | null };

/** A write takes place if nothing is there (`absent`), if it is still what was seen (an etag), or always (null). */
export type Condition = 'absent' | { etag: string } | null;

/** First try and repeats of one request: about 3 s, for what passes at once. The next run does the rest. */
const ATTEMPTS = 5;

type Get = { Bucket: string; Key: string };

/** A failed request whose cause is known, on its way to the retries and to whoever can make something of it. */
class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super(failure.what, { cause });
    this.failure = failure;
  }
}

/** A bucket as the mirror needs it: paths of the home, repeated attempts, and what the server turned out not to know. */
export class Bucket {
  /**
   * Whether the server obeys the condition of a write. AWS does. Others refuse the header or, as Google's, pass over it
   * in silence and overwrite, which only a trial shows.
   */
  conditions: 'kept' | 'untried' | 'ignored';
  #checksum: 'sha256' | 'md5' = 'sha256';

  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #options: S3Options;
  readonly #tools: SinkTools;

  constructor(sdk: Sdk, client: S3Client, options: S3Options, tools: SinkTools) {
    this.#sdk = sdk;
    this.#client = client;
    this.#options = options;
    this.#tools = tools;
    this.conditions = options.endpoint === null ? 'kept' : 'untried';
  }

  /** How a key is called in messages. */
  where(path: string): string {
    return `s3://${this.#options.bucket}/${keyOf(this.#options.prefix, path)}`;
  }

  /** Null if nothing is there, or nothing that may be seen: then a conditional write tells. */
  async head(path: string): Promise<Held | null> {
    const answer = await this.#unlessAbsent('HEAD', path, (get, abortSignal) =>
      this.#client.send(
        new this.#sdk.HeadObjectCommand({
          ...get,
          ...(this.#checksum === 'sha256' ? { ChecksumMode: 'ENABLED' as const } : {}),
        }),
        { abortSignal },
      ),
    );
    if (answer === null) return null;
    // What the server has reckoned itself says more than what was once written beside it.
    const reckoned = answer.ChecksumType === 'COMPOSITE' ? undefined : answer.ChecksumSHA256;
    const sha256 =
      reckoned === undefined
        ? (answer.Metadata?.['sha256'] ?? null)
        : Buffer.from(reckoned, 'base64').toString('hex');
    return { bytes: answer.ContentLength ?? 0, sha256, etag: answer.ETag ?? null };
  }

  /** Null if nothing is there; empty if it has more than `most` bytes. */
  async text(path: string, most: number): Promise<string | null> {
    return this.#unlessAbsent('GET', path, async (get, abortSignal) => {
      const { Body: body, ContentLength: bytes = 0 } = await this.#client.send(
        new this.#sdk.GetObjectCommand({ ...get, Range: `bytes=0-${most - 1}` }),
        { abortSignal },
      );
      if (body !== undefined && bytes < most) return body.transformToString();
      // What is left unread would keep its connection.
      if (body instanceof Readable) body.destroy();
      return '';
    });
  }

  /** SHA-256 of what is there, read in full. */
  async sha256Of(path: string): Promise<string> {
    return this.#attempts('GET', path, async (get, abortSignal) => {
      const { Body: body } = await this.#client.send(new this.#sdk.GetObjectCommand(get), {
        abortSignal,
      });
      if (!(body instanceof Readable)) throw new Error('the answer has no body');
      return hashOf(body, 'sha256', 'hex');
    });
  }

  /** @returns `refused` if the condition does not hold, also because an attempt whose answer was lost had succeeded */
  async put(content: Content, condition: Condition): Promise<'written' | 'refused'> {
    for (;;) {
      const isConditional = condition !== null && this.conditions !== 'ignored';
      try {
        await this.#attempts('PUT', content.path, (get, signal) =>
          this.#putOnce(get, content, isConditional ? condition : null, signal),
        );
        return 'written';
      } catch (error) {
        const failure = error instanceof AuditlakeError ? failureIn(error) : null;
        if (failure?.fault === 'exists' && isConditional) return 'refused';
        if (failure?.fault === 'unsupported' && this.#manageWithout(failure, isConditional))
          continue;
        if (failure?.fault === 'altered' && (await content.sha256Now()) !== content.sha256) {
          throw integrityError(
            `${content.path} is not what was recorded: its SHA-256 is not ${content.sha256}`,
            'nothing of it was uploaded; run `auditlake verify`',
            error,
          );
        }
        throw error;
      }
    }
  }

  async remove(path: string): Promise<void> {
    await this.#unlessAbsent('DELETE', path, (get, abortSignal) =>
      this.#client.send(new this.#sdk.DeleteObjectCommand(get), { abortSignal }),
    );
  }

  /** The server overwrites whatever the condition of a write says. */
  ignoresConditions(): void {
    if (this.conditions === 'ignored') return;
    this.conditions = 'ignored';
    this.#tools.onWarning(
      'the object store does not know conditional writes: before a file is written it is asked for, and two runs at a time could overwrite each other',
    );
  }

  async #putOnce(
    get: Get,
    content: Content,
    condition: Condition,
    signal: AbortSignal,
  ): Promise<void> {
    const body = await content.body();
    // The SDK does not listen: a file that fails while it is read would end the process.
    const unreadable = new AbortController();
    body.on('error', (error) => unreadable.abort(error));
    try {
      const answer = await this.#client.send(
        new this.#sdk.PutObjectCommand({
          ...get,
          Body: body,
          ContentLength: content.bytes,
          Metadata: { sha256: content.sha256 },
          ...(this.#checksum === 'sha256'
            ? { ChecksumSHA256: Buffer.from(content.sha256, 'hex').toString('base64') }
            : { ContentMD5: await content.md5() }),
          ...(condition === 'absent' ? { IfNoneMatch: '*' } : {}),
          ...(condition !== null && condition !== 'absent' ? { IfMatch: condition.etag } : {}),
        }),
        { abortSignal: AbortSignal.any([signal, unreadable.signal]) },
      );
      if (this.#checksum === 'sha256' && answer.ChecksumSHA256 === undefined) this.#useMd5();
    } catch (error) {
      if (!unreadable.signal.aborted) throw error;
      throw new AuditlakeError(
        's3-file',
        `${content.path} cannot be read: ${messageOf(unreadable.signal.reason)}`,
        'run `auditlake verify`',
        EXIT.failed,
        error,
      );
    } finally {
      body.destroy();
    }
  }

  /** @returns whether there was something left to do without */
  #manageWithout(failure: Failure, isConditional: boolean): boolean {
    const isChecksum = /checksum|sha.?256/i.test(failure.what) || !isConditional;
    if (isChecksum && this.#checksum === 'sha256') this.#useMd5();
    else if (isConditional) this.ignoresConditions();
    else return false;
    return true;
  }

  #useMd5(): void {
    if (this.#checksum === 'md5') return;
    this.#checksum = 'md5';
    this.#tools.onWarning(
      'the object store does not know SHA-256 checksums: what arrives there is checked by MD5',
    );
  }

  async #unlessAbsent<T>(
    verb: string,
    path: string,
    send: (get: Get, signal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    try {
      return await this.#attempts(verb, path, send);
    } catch (error) {
      const failure = error instanceof AuditlakeError ? failureIn(error) : null;
      if (failure?.fault === 'absent') return null;
      // Who may not list is told "denied" of what is not there. It does no harm where a write asks again.
      if (failure?.fault === 'denied' && verb !== 'DELETE' && this.conditions === 'kept')
        return null;
      throw error;
    }
  }

  async #attempts<T>(
    verb: string,
    path: string,
    send: (get: Get, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal } = this.#tools;
    const get = { Bucket: this.#options.bucket, Key: keyOf(this.#options.prefix, path) };
    const attempt = async (): Promise<T> => {
      try {
        return await send(get, signal);
      } catch (error) {
        const failure = error instanceof AuditlakeError ? null : diagnose(error);
        throw failure === null ? error : new Failed(failure, error);
      }
    };
    try {
      return await pRetry(attempt, {
        retries: ATTEMPTS - 1,
        minTimeout: 100,
        factor: 3,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => error instanceof Failed && error.failure.fault === 'busy',
      });
    } catch (error) {
      if (signal.aborted) throw stopped();
      if (!(error instanceof Failed)) throw error;
      throw toError(`${verb} ${this.where(path)}`, error.failure, error);
    }
  }
}

function failureIn(error: AuditlakeError): Failure | null {
  return error.cause instanceof Failed ? error.cause.failure : null;
}
