import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';

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

/**
 * Opens a connection pool. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read by undici's agent.
 *
 * @param options.connections sockets per host
 * @param options.timeout     ms without headers, and ms without a further piece of the body
 * @param options.caFile      a PEM file of further certificate authorities (`NODE_EXTRA_CA_CERTS`)
 */
export function openTransport(options: {
  connections: number;
  timeout: number;
  caFile: string | undefined;
  now: () => number;
}): Transport {
  const agent: Dispatcher = new EnvHttpProxyAgent({
    connections: options.connections,
    headersTimeout: options.timeout,
    bodyTimeout: options.timeout,
    maxResponseSize: MAX_BODY_BYTES,
    connect: {
      timeout: options.timeout,
      // Given explicitly because Node reads NODE_EXTRA_CA_CERTS only if it was set before it started.
      ...(options.caFile === undefined
        ? {}
        : { ca: [...rootCertificates, readFileSync(options.caFile, 'utf8')] }),
    },
  });
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
