import { sha256OfFile } from './durable.ts';
import { isAbsent, sizeOfPlain } from './plain-file.ts';
import { messageOf } from '../errors.ts';

/** How a file is not what a note says of it. */
export type FileDifference =
  | { kind: 'missing' }
  | { kind: 'size'; bytes: number }
  | { kind: 'content' }
  | { kind: 'unreadable'; why: string };

/**
 * Compares a plain file with its noted size and SHA-256, in hex; null if it is the same. Reads it only if its size is right.
 *
 * @param noted.sha256 null to look at the size alone
 */
export async function differenceFrom(
  path: string,
  noted: { bytes: number; sha256: string | null },
): Promise<FileDifference | null> {
  try {
    const bytes = await sizeOfPlain(path);
    if (bytes !== noted.bytes) return { kind: 'size', bytes };
    if (noted.sha256 === null) return null;
    return (await sha256OfFile(path)) === noted.sha256 ? null : { kind: 'content' };
  } catch (error) {
    return isAbsent(error) ? { kind: 'missing' } : { kind: 'unreadable', why: messageOf(error) };
  }
}
