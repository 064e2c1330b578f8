import { expect, test } from 'vitest';
import { AuditlakeError, usageError } from '../../src/errors.ts';
import { asDiskError } from '../../src/platform/disk-error.ts';

const node = (code: string, text: string): Error =>
  Object.assign(new Error(`${code}: ${text}, write`), { code });

test.each<[string, Error, string, string]>([
  [
    'full, as Node says it',
    node('ENOSPC', 'no space left on device'),
    'cannot write to /h: ENOSPC: no space left on device, write',
    'make room',
  ],
  ['over quota', node('EDQUOT', 'disk quota exceeded'), 'cannot write to /h: EDQUOT', 'make room'],
  ['read-only', node('EROFS', 'read-only file system'), 'cannot write to /h: EROFS', 'mount'],
  [
    'closed to this user',
    node('EACCES', 'permission denied'),
    'EACCES: permission denied',
    'read and write',
  ],
  ['broken', node('EIO', 'i/o error'), 'cannot write to /h: EIO', 'failing'],
  [
    'full, as DuckDB says it at a checkpoint',
    new Error(
      'IO Error: Checkpoint failed for database "generation". The database has been invalidated. Original error: Could not write file "/h/warehouse/.building-1.duckdb": No space left on device',
    ),
    'cannot write to /h/warehouse: No space left on device',
    'make room',
  ],
  [
    'full, where DuckDB has to put aside what does not fit into memory',
    new Error(
      "Out of Memory Error: failed to offload data block of size 256.0 KiB (3.0 MiB/3.0 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
    ),
    'cannot write to /h: no space left for what does not fit into memory',
    'make room',
  ],
  [
    'closed to this user, as DuckDB says it',
    new Error('IO Error: Cannot open file "/h/x": Permission denied'),
    'IO Error: Cannot open file "/h/x"',
    'this user',
  ],
])('a disk that is %s', (_, error, message, hint) => {
  const found = asDiskError(error, '/h');
  expect(found).toBeInstanceOf(AuditlakeError);
  expect(found).toMatchObject({ code: 'disk', exit: 1, cause: error });
  expect((found as AuditlakeError).message).toContain(message);
  expect((found as AuditlakeError).hint).toContain(hint);
});

test.each([
  node('EACCES', 'permission denied'),
  node('EPERM', 'operation not permitted'),
  new Error('IO Error: Cannot open file "/h/x": Permission denied'),
])('what is refused may have been a reading: $message', (error) => {
  expect((asDiskError(error, '/h') as AuditlakeError).message).toBe(error.message);
});

test.each([
  ['a defect', new TypeError('x is not a function')],
  [
    'too little memory',
    new Error('Out of Memory Error: could not allocate block (1 GiB/1 GiB used)'),
  ],
  ['an error of ours', usageError('no space left on device', 'do')],
  ['what no engine said', new Error('a page says: permission denied')],
])('%s is none of the disk', (_, error) => {
  expect(asDiskError(error, '/h')).toBe(error);
});
