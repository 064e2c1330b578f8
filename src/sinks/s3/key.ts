import { AuditlakeError, EXIT } from '../../errors.ts';

/** Parts of `[A-Za-z0-9._=-]`, none of dots alone: nothing that leads out of the prefix or needs escaping. */
const PATH = /^(?!.*(?:^|\/)\.+(?:\/|$))[\w.=-]+(?:\/[\w.=-]+)*$/;

/** The longest key that S3 accepts. */
const MAX_KEY_BYTES = 1024;

/** Whether a path may become a part of a key. */
export function isMirrorPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * The key of a file: the prefix followed by its path in the home.
 * @throws AuditlakeError if the path contains what no path in a home does
 */
export function keyOf(prefix: string, path: string): string {
  const key = `${prefix}${path}`;
  if (isMirrorPath(path) && Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  throw new AuditlakeError(
    's3-key',
    `the file ${JSON.stringify(path)} cannot become a key of the bucket`,
    'names in a home consist of a-z, 0-9, dot, underscore, hyphen and equals sign: find out what put this file there',
    EXIT.failed,
  );
}
