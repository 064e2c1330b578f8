import { Readable } from 'node:stream';
import { integrityError } from '../../errors.ts';
import { type Content, hashOf } from './content.ts';
import { S3Error } from './failure.ts';
import { type Checksum, type Condition, put } from './put.ts';
import type { Requests } from './requests.ts';

/** What is under a key. `sha256` in hex, null if nobody said it when it was written. */
export type Held = { bytes: number; sha256: string | null; etag: string | null };

/** What may be sent with a write, in the order in which it is tried where a server refuses something unnamed. */
const WAYS: readonly { checksum: Checksum; withCondition: boolean }[] = [
  { checksum: 'sha256', withCondition: true },
  { checksum: 'md5', withCondition: true },
  { checksum: 'sha256', withCondition: false },
  { checksum: 'md5', withCondition: false },
];

/** A bucket as the mirror needs it, and what its server turned out not to know. */
export class Bucket {
  /**
   * Whether the server obeys the condition of a write. AWS does. Others refuse the header or, as Google's, pass over it
   * in silence and overwrite, which only a trial shows.
   */
  conditions: 'kept' | 'untried' | 'ignored';
  #checksum: Checksum = 'sha256';
  readonly #requests: Requests;

  constructor(requests: Requests, isAws: boolean) {
    this.#requests = requests;
    this.conditions = isAws ? 'kept' : 'untried';
  }

  where(path: string): string {
    return this.#requests.where(path);
  }

  /** Null if nothing is there, or nothing that may be seen: then a conditional write tells. */
  async head(path: string): Promise<Held | null> {
    const { sdk, client, send } = this.#requests;
    const asked = send('HEAD', path, (target, abortSignal) =>
      client.send(
        new sdk.HeadObjectCommand({
          ...target,
          ...(this.#checksum === 'sha256' ? { ChecksumMode: 'ENABLED' as const } : {}),
        }),
        { abortSignal },
      ),
    );
    const answer = await this.#unlessAbsent(asked);
    if (answer === null) return null;
    // What the server has reckoned itself says more than what was once written beside it.
    const reckoned = answer.ChecksumType === 'COMPOSITE' ? undefined : answer.ChecksumSHA256;
    const sha256 =
      reckoned === undefined
        ? (answer.Metadata?.['sha256'] ?? null)
        : Buffer.from(reckoned, 'base64').toString('hex');
    return { bytes: answer.ContentLength ?? 0, sha256, etag: answer.ETag ?? null };
  }

  /** Null if nothing is there; empty if it has `most` bytes or more. */
  async text(path: string, most: number): Promise<string | null> {
    const { sdk, client, send } = this.#requests;
    const asked = send('GET', path, async (target, abortSignal) => {
      const { Body: body, ContentLength: bytes = 0 } = await client.send(
        new sdk.GetObjectCommand({ ...target, Range: `bytes=0-${most - 1}` }),
        { abortSignal },
      );
      if (body !== undefined && bytes < most) return body.transformToString();
      // What is left unread would keep its connection.
      if (body instanceof Readable) body.destroy();
      return '';
    });
    return this.#unlessAbsent(asked);
  }

  /** SHA-256 of what is there, read in full. */
  async sha256Of(path: string): Promise<string> {
    const { sdk, client, send } = this.#requests;
    return send('GET', path, async (target, abortSignal) => {
      const { Body: body } = await client.send(new sdk.GetObjectCommand(target), { abortSignal });
      if (!(body instanceof Readable)) throw new Error('the answer has no body');
      return hashOf(body, 'sha256', 'hex');
    });
  }

  /** @returns `refused` if the condition does not hold, also because an attempt whose answer was lost had succeeded */
  async put(content: Content, condition: Condition): Promise<'written' | 'refused'> {
    let refusal: unknown;
    for (const { checksum, withCondition } of WAYS) {
      const isKnownNotToWork =
        (this.#checksum === 'md5' && checksum !== 'md5') ||
        (this.conditions === 'ignored' && withCondition);
      if (isKnownNotToWork) continue;
      try {
        const { isChecked } = await put(
          this.#requests,
          content,
          withCondition ? condition : null,
          checksum,
        );
        if (checksum === 'md5' || !isChecked) this.#checksumIsUnknown();
        if (condition !== null && !withCondition) this.conditionsAreIgnored();
        return 'written';
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        if (error.fault === 'exists' && condition !== null && withCondition) {
          if (checksum === 'md5') this.#checksumIsUnknown();
          return 'refused';
        }
        if (error.fault === 'altered') await mustBeAsRecorded(content, error);
        if (error.fault !== 'unsupported') throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  async remove(path: string): Promise<void> {
    const { sdk, client, send } = this.#requests;
    await send('DELETE', path, (target, abortSignal) =>
      client.send(new sdk.DeleteObjectCommand(target), { abortSignal }),
    ).catch((error: unknown) => {
      // AWS says nothing of what is not there; Google's says so.
      if (!(error instanceof S3Error && error.fault === 'absent')) throw error;
    });
  }

  /** The server refuses the condition of a write, or overwrites whatever it says. */
  conditionsAreIgnored(): void {
    if (this.conditions === 'ignored') return;
    this.conditions = 'ignored';
    this.#requests.onWarning(
      'the object store does not know conditional writes: it is asked what is there before a file is written, but two runs at a time could overwrite each other',
    );
  }

  #checksumIsUnknown(): void {
    if (this.#checksum === 'md5') return;
    this.#checksum = 'md5';
    this.#requests.onWarning(
      'the object store does not know SHA-256 checksums: what arrives there is checked by MD5',
    );
  }

  async #unlessAbsent<T>(asked: Promise<T>): Promise<T | null> {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      if (error.fault === 'absent') return null;
      // Who may not list is told "denied" of what is not there. It does no harm where a conditional write asks again.
      if (error.fault === 'denied' && this.conditions === 'kept') return null;
      throw error;
    }
  }
}

async function mustBeAsRecorded(content: Content, error: S3Error): Promise<void> {
  if ((await content.sha256Now()) === content.sha256) return;
  throw integrityError(
    `${content.path} is not what was recorded: its SHA-256 is not ${content.sha256}`,
    'nothing of it was uploaded; run `auditlake verify`',
    error,
  );
}
