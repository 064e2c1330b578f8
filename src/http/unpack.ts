/**
 * Content codings. undici's own interceptor for them is not used: it calls itself experimental on stderr, fails for every
 * answer that comes after an interim one (103 Early Hints), and hands a coding that it does not know over as it is.
 */
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { HttpError } from './http-error.ts';

/** What is asked for: the codings whose format is never in doubt. "deflate" stands for two. */
export const ACCEPT_ENCODING = 'gzip, br';

/** A page of a thousand events unpacks to half a megabyte: in a few pieces, not in many small ones. */
const PIECE_BYTES = 256 * 1024;

const gunzip = (): Transform => createGunzip({ chunkSize: PIECE_BYTES });

const UNPACKERS: Record<string, () => Transform> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  br: () => createBrotliDecompress({ chunkSize: PIECE_BYTES }),
};

/** So many one inside the other: more are an attack. */
const MOST_CODINGS = 3;

/**
 * A body as its headers say it is packed, unpacked while it is read.
 *
 * @param coding the header `content-encoding`; the outermost coding stands last
 * @throws HttpError `undecodable` for a coding that was not asked for
 */
export function unpacked(body: Readable, coding: string | undefined, status: number): Readable {
  const names = (coding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  // These have no body, whatever their headers say of one.
  if (names.length === 0 || status === 204 || status === 304) return body;
  const stages = names.toReversed().map((name) => UNPACKERS[name]?.());
  if (stages.length > MOST_CODINGS || !stages.every((stage) => stage !== undefined)) {
    throw undecodable(`${JSON.stringify(names.join(', '))} was not asked for`, status);
  }
  // Errors of every stage arrive at the last one, from which they are read.
  return pipeline([body, ...stages], () => undefined) as Transform;
}

/** zlib's codes begin with `Z_`; its brotli has codes of its own. */
const UNPACKING = /^(Z_|ERR_BROTLI|ERR__)/;

/** What broke the reading of a body: the unpacking as an HttpError, anything else as it is. */
export function readingError(error: unknown, status: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (!(error instanceof Error) || typeof code !== 'string' || !UNPACKING.test(code)) return error;
  return undecodable(error.message, status, error);
}

function undecodable(why: string, status: number, cause?: unknown): HttpError {
  return new HttpError('undecodable', `the answer cannot be unpacked: ${why}`, status, cause);
}
