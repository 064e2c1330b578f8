import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { integrityError } from '../../errors.ts';
import { sizeOfPlain, streamPlain } from '../../platform/plain-file.ts';
import type { HomeFile } from '../port.ts';

/** What is uploaded to a key. */
export type Content = HomeFile & {
  /** A new stream for each attempt. */
  body(): Promise<Readable>;
  /** SHA-256 of what a body would bring now, in hex: another one than `sha256` if the file was altered. */
  sha256Now(): Promise<string>;
  /** In base64. */
  md5(): Promise<string>;
};

/** A file of the home, as a stream. */
export function fileContent(home: string, file: HomeFile): Content {
  const source = join(home, file.path);
  const hashed = async (algorithm: string, encoding: 'hex' | 'base64'): Promise<string> =>
    hashOf(streamPlain(source), algorithm, encoding);
  return {
    ...file,
    async body() {
      const size = await sizeOfPlain(source);
      // With fewer bytes than announced the server would wait for the rest until it times out.
      if (size < file.bytes) throw cut(file, size);
      return Readable.from(streamPlain(source, { end: file.bytes }), { objectMode: false });
    },
    sha256Now: () => hashed('sha256', 'hex'),
    md5: () => hashed('md5', 'base64'),
  };
}

/** A short text. */
export function textContent(path: string, text: string): Content {
  const bytes = Buffer.from(text);
  const hashed = async (algorithm: string, encoding: 'hex' | 'base64'): Promise<string> =>
    createHash(algorithm).update(bytes).digest(encoding);
  return {
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    body: async () => Readable.from([bytes]),
    sha256Now: () => hashed('sha256', 'hex'),
    md5: () => hashed('md5', 'base64'),
  };
}

/** SHA-256 of a file's first bytes, in hex. */
export async function sha256OfStart(file: string, bytes: number): Promise<string> {
  return hashOf(streamPlain(file, { end: bytes }), 'sha256', 'hex');
}

export async function hashOf(
  stream: AsyncIterable<Buffer | string>,
  algorithm: string,
  encoding: 'hex' | 'base64',
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const piece of stream) hash.update(piece);
  return hash.digest(encoding);
}

function cut(file: HomeFile, size: number): Error {
  return integrityError(
    `${file.path} has ${size} bytes, not ${file.bytes} as recorded`,
    'nothing of it was uploaded; run `auditlake verify`',
  );
}
