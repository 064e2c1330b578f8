import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Proxies } from './proxy.ts';

/**
 * A connection pool. It has no time limits but for connecting: who uses it watches the clock.
 *
 * @param options.connections    sockets per host
 * @param options.connectTimeout ms
 * @param options.caFile         a PEM file of further certificate authorities (`NODE_EXTRA_CA_CERTS`)
 */
export function httpAgent(options: {
  connections: number;
  connectTimeout: number;
  caFile: string | undefined;
  proxies: Proxies;
}): Dispatcher {
  const { connections, connectTimeout, caFile, proxies } = options;
  return new EnvHttpProxyAgent({
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectTimeout, ...trustOf(caFile) },
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
  });
}

/**
 * The authorities that a TLS connection trusts, as an option of it. Given explicitly because Node reads
 * NODE_EXTRA_CA_CERTS only if it was set before it started.
 */
export function trustOf(caFile: string | undefined): { ca?: string[] } {
  return caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
}
