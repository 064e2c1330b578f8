import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Dispatcher, request } from 'undici';
import type { Proxies } from './proxy.ts';

/** Gateways add cookies and policies by the kilobyte: undici's own limit is 16 KiB. */
const MAX_HEADER_BYTES = 256 * 1024;

/** A connection pool, and what sends requests over it. */
export type Agent = { pool: Dispatcher; request: typeof request };

/**
 * Makes a connection pool. It has no time limits but for connecting: who uses it watches the clock. undici is loaded here,
 * since commands that send nothing should not wait for it.
 *
 * @param options.connections    sockets per host
 * @param options.connectTimeout ms
 * @param options.caFile         a PEM file of further certificate authorities (`NODE_EXTRA_CA_CERTS`)
 */
export async function httpAgent(options: {
  connections: number;
  connectTimeout: number;
  caFile: string | undefined;
  proxies: Proxies;
}): Promise<Agent> {
  const { connections, connectTimeout, caFile, proxies } = options;
  const { EnvHttpProxyAgent, request } = await import('undici');
  const pool = new EnvHttpProxyAgent({
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: { timeout: connectTimeout, ...trustOf(caFile) },
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
  });
  return { pool, request };
}

/**
 * The authorities that a TLS connection trusts, as an option of it. Given explicitly because Node reads
 * NODE_EXTRA_CA_CERTS only if it was set before it started.
 */
export function trustOf(caFile: string | undefined): { ca?: string[] } {
  return caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
}
