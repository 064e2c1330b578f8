import { Readable } from 'node:stream';
import { integrityError } from '../../errors.ts';
import { type Content, hashOf } from './encode.ts';
import { expectStore, S3Error } from './answers.ts';
import { type Checksum, type Condition, put } from './put.ts';
import type { Requests } from './requests.ts';

/** What a key holds. `sha256` in hex, as the server computed it; null if it did not: then only the bytes tell. */
export type Held = { bytes: number; sha256: string | null; etag: string | null };

/** What is sent with a write, in the order in which it is tried on a server that refuses some header without naming it. */
const WAYS: readonly { checksum: Checksum; withCondition: boolean }[] = [
  { checksum: 'sha256', withCondition: true },
  { checksum: 'md5', withCondition: true },
  { checksum: 'sha256', withCondition: false },
  { checksum: 'md5', withCondition: false },
];

/** A bucket as the mirror needs it, with what its server turned out not to support. */
export class Bucket {
  /**
   * Whether the server obeys the condition of a write. AWS does. Others refuse the header or, as Google's does, ignore it and
   * overwrite, which only a trial shows.
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

  /** Null if the key does not exist or may not be read; which of the two, a conditional write shows. */
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
    expectStore(`HEAD ${this.where(path)}`, answer.ETag);
    // Metadata is what somebody said who wrote the object, and can be copied from another: it is no evidence.
    const computed = answer.ChecksumType === 'COMPOSITE' ? undefined : answer.ChecksumSHA256;
    const sha256 = computed === undefined ? null : Buffer.from(computed, 'base64').toString('hex');
    return { bytes: answer.ContentLength ?? 0, sha256, etag: answer.ETag ?? null };
  }

  /** Null if the key does not exist; empty if it holds `limit` bytes or more. */
  async text(path: string, limit: number): Promise<string | null> {
    const { sdk, client, send } = this.#requests;
    const asked = send('GET', path, async (target, abortSignal) => {
      const {
        Body: body,
        ContentLength: bytes = 0,
        ETag: etag,
      } = await client.send(
        new sdk.GetObjectCommand({ ...target, Range: `bytes=0-${limit - 1}` }),
        { abortSignal },
      );
      expectStore(`GET ${this.where(path)}`, etag);
      if (body !== undefined && bytes < limit) return body.transformToString();
      // A body that is left unread would keep its connection.
      if (body instanceof Readable) body.destroy();
      return '';
    });
    return this.#unlessAbsent(asked);
  }

  /** SHA-256 in hex of what the key holds, read in full. */
  async sha256Of(path: string): Promise<string> {
    const { sdk, client, send } = this.#requests;
    return send('GET', path, async (target, abortSignal) => {
      const { Body: body } = await client.send(new sdk.GetObjectCommand(target), { abortSignal });
      if (!(body instanceof Readable)) throw new Error('the answer has no body');
      return hashOf(body, 'sha256', 'hex');
    });
  }

  /** @returns `refused` if the condition does not hold; that may be because an attempt whose answer was lost had succeeded */
  async put(content: Content, condition: Condition): Promise<'written' | 'refused'> {
    let refusal: unknown;
    for (const { checksum, withCondition } of WAYS) {
      const isUnsupported =
        (this.#checksum === 'md5' && checksum !== 'md5') ||
        (this.conditions === 'ignored' && withCondition);
      if (isUnsupported) continue;
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
      // For a key that does not exist AWS answers success, Google 404.
      if (!(error instanceof S3Error && error.fault === 'absent')) throw error;
    });
  }

  /** The server refuses the condition of a write, or overwrites whatever it says. */
  conditionsAreIgnored(): void {
    if (this.conditions === 'ignored') return;
    this.conditions = 'ignored';
    this.#requests.onWarning(
      'the object store has no conditional writes: each key is looked up before it is written, but two runs at the same time could overwrite each other',
    );
  }

  #checksumIsUnknown(): void {
    if (this.#checksum === 'md5') return;
    this.#checksum = 'md5';
    this.#requests.onWarning(
      'the object store has no SHA-256 checksums: uploads are checked by MD5',
    );
  }

  async #unlessAbsent<T>(asked: Promise<T>): Promise<T | null> {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      if (error.fault === 'absent') return null;
      // Without permission to list, a missing key is "denied". That is safe where a conditional write follows.
      if (error.fault === 'denied' && this.conditions === 'kept') return null;
      throw error;
    }
  }
}

async function mustBeAsRecorded(content: Content, error: S3Error): Promise<void> {
  if ((await content.sha256Now()) === content.sha256) return;
  throw integrityError(
    `${content.path} was altered: its SHA-256 is not ${content.sha256}, as recorded`,
    'nothing of it was uploaded; run `auditlake verify`',
    error,
  );
}
