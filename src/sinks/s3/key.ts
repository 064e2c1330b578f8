import { AuditlakeError, EXIT } from '../../errors.ts';

/** Parts of `[A-Za-z0-9._=-]`, none of them of dots alone: nothing that leads elsewhere or needs escaping. */
const PATH = /^(?!.*(?:^|\/)\.+(?:\/|$))[\w.=-]+(?:\/[\w.=-]+)*$/;

/** The longest key that S3 takes, in bytes. */
const LONGEST_KEY = 1024;

/** Whether a path may become the end of a key. Pure. */
export function isMirrorPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * The key of a file: the prefix and its path in the home.
 * @throws AuditlakeError if the path holds what no name in a home has
 */
export function keyOf(prefix: string, path: string): string {
  const key = `${prefix}${path}`;
  if (isMirrorPath(path) && Buffer.byteLength(key) <= LONGEST_KEY) return key;
  throw new AuditlakeError(
    's3-key',
    `the file ${JSON.stringify(path)} cannot become a key of the bucket`,
    'a home has names of a-z, 0-9, dot, underscore, hyphen and equals sign: see what put this file there',
    EXIT.failed,
  );
}
