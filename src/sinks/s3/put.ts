import { AuditlakeError, EXIT, messageOf } from '../../errors.ts';
import { expectStore } from './answers.ts';
import type { Content } from './encode.ts';
import type { Requests } from './requests.ts';

/** A write takes place if the key does not exist (`absent`), if it still has this etag, or always (null). */
export type Condition = 'absent' | { etag: string } | null;

/** How the server checks that it received what was sent. */
export type Checksum = 'sha256' | 'md5';

/**
 * Uploads an object.
 * @returns whether the server says that it compared the checksum
 */
export async function put(
  requests: Requests,
  content: Content,
  condition: Condition,
  checksum: Checksum,
): Promise<{ isChecked: boolean }> {
  const { sdk, client } = requests;
  const check =
    checksum === 'sha256'
      ? {
          // Some servers want the algorithm by name as well, above all with Object Lock.
          ChecksumAlgorithm: 'SHA256' as const,
          ChecksumSHA256: Buffer.from(content.sha256, 'hex').toString('base64'),
        }
      : { ContentMD5: await content.md5() };
  return requests.send('PUT', content.path, async (target, signal) => {
    const body = await content.body();
    // The SDK does not listen for it: a file that cannot be read to its end would end the process.
    const unreadable = new AbortController();
    body.on('error', (error) => unreadable.abort(error));
    try {
      const answer = await client.send(
        new sdk.PutObjectCommand({
          ...target,
          ...check,
          Body: body,
          ContentLength: content.bytes,
          Metadata: { sha256: content.sha256 },
          ...(condition === null
            ? {}
            : condition === 'absent'
              ? { IfNoneMatch: '*' }
              : { IfMatch: condition.etag }),
        }),
        { abortSignal: AbortSignal.any([signal, unreadable.signal]) },
      );
      expectStore(`PUT ${requests.where(content.path)}`, answer.ETag);
      return { isChecked: checksum === 'md5' || answer.ChecksumSHA256 !== undefined };
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
  });
}
