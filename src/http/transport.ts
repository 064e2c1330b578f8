import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { request } from 'undici';
import { httpAgent } from './agent.ts';

/** No page of either vendor comes near this; a body beyond it is an accident or an attack. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** One answer, decompressed. */
export type Answer = {
  status: number;
  header: (name: string) => string | undefined;
  body: Buffer;
  at: number;
};

export type Transport = {
  /**
   * One GET. Follows no redirect, so that the token never reaches another host.
   * @throws whatever the network or the decompression throws
   */
  get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
};

const decompress: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: limited(promisify(gunzip)),
  deflate: limited(promisify(inflate)),
  br: limited(promisify(brotliDecompress)),
};

/** A page of a thousand events unpacks to half a megabyte: in a few pieces, not in many small ones. */
const CHUNK_BYTES = 256 * 1024;

/** A body that came whole and cannot be unpacked. */
export class PackedBadly extends Error {
  override name = 'PackedBadly';
  readonly tooLarge: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    const tooLarge = cause.code === 'ERR_BUFFER_TOO_LARGE';
    super(
      tooLarge
        ? `the answer unpacks to more than ${MAX_BODY_BYTES / 2 ** 20} MiB`
        : `the answer cannot be unpacked: ${cause.message}`,
      { cause },
    );
    this.tooLarge = tooLarge;
  }
}

/** A few kilobytes can unpack to gigabytes: the limit holds after decompression too. */
function limited(
  unpack: (
    body: Buffer,
    options: { maxOutputLength: number; chunkSize: number },
  ) => Promise<Buffer>,
): (body: Buffer) => Promise<Buffer> {
  return async (body) => {
    try {
      return await unpack(body, { maxOutputLength: MAX_BODY_BYTES, chunkSize: CHUNK_BYTES });
    } catch (error) {
      throw new PackedBadly(error as NodeJS.ErrnoException);
    }
  };
}

/** Opens the connections to a vendor; the options are those of `httpAgent`. */
export function openTransport(options: {
  connections: number;
  timeout: number;
  caFile: string | undefined;
  now: () => number;
}): Transport {
  const agent = httpAgent({ ...options, maxResponseSize: MAX_BODY_BYTES });
  return {
    async get(url, headers, signal) {
      const response = await request(url, {
        method: 'GET',
        dispatcher: agent,
        headers: { ...headers, 'accept-encoding': 'gzip, deflate, br' },
        signal,
      });
      const at = options.now();
      const header = (name: string): string | undefined => {
        const value = response.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      const packed = Buffer.from(await response.body.arrayBuffer());
      const unpack = decompress[header('content-encoding')?.toLowerCase() ?? 'identity'];
      return {
        status: response.statusCode,
        header,
        body: unpack === undefined ? packed : await unpack(packed),
        at,
      };
    },
    async close() {
      await agent.destroy();
    },
  };
}
