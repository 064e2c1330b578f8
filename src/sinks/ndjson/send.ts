import type { Writer } from './encode.ts';
import { fileWriter } from './file.ts';
import { folderWriter } from './folder.ts';
import { streamWriter } from './stream.ts';

/** @param path `-` for standard output, or absolute: a file, or with a slash at its end a folder */
export function writerFor(name: string, path: string, stdout: NodeJS.WritableStream): Writer {
  if (path === '-') return streamWriter(name, stdout);
  return path.endsWith('/') ? folderWriter(name, path) : fileWriter(name, path);
}
