import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent } from '../../platform/plain-file.ts';
import { fileError, stdoutError } from './answers.ts';

/**
 * Whether standard output, a file or a folder can be written to; nothing is created.
 * @returns what was found, in a sentence
 */
export async function check(
  name: string,
  path: string,
  stdout: NodeJS.WritableStream,
): Promise<string> {
  if (path !== '-') return writableAt(name, path);
  if (stdout.writable) return 'standard output is open: rows go to whatever reads it';
  throw stdoutError(name, new Error('it is closed'));
}

/** A path that does not exist can be created if the nearest folder above it that exists is writable. */
async function writableAt(name: string, path: string): Promise<string> {
  let existing = path;
  for (;;) {
    try {
      await access(existing, constants.W_OK);
      return existing === path ? `${path} can be written to` : `${path} can be created`;
    } catch (error) {
      if (!isAbsent(error) || dirname(existing) === existing) {
        throw fileError(name, `looking at ${existing}`, error);
      }
      existing = dirname(existing);
    }
  }
}
