import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/**
 * A connection pool for HTTP. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read by undici's agent.
 *
 * @param options.connections     sockets per host
 * @param options.timeout         ms without headers, and ms without a further piece of the body
 * @param options.caFile          a PEM file of further certificate authorities (`NODE_EXTRA_CA_CERTS`)
 * @param options.maxResponseSize bytes of a body as it comes, before it is unpacked
 */
export function httpAgent(options: {
  connections: number;
  timeout: number;
  caFile: string | undefined;
  maxResponseSize: number;
}): Dispatcher {
  return new EnvHttpProxyAgent({
    connections: options.connections,
    headersTimeout: options.timeout,
    bodyTimeout: options.timeout,
    maxResponseSize: options.maxResponseSize,
    connect: {
      timeout: options.timeout,
      ...trustOf(options.caFile),
    },
  });
}

/**
 * The authorities that a TLS connection trusts, as an option of it. Given explicitly because Node reads
 * NODE_EXTRA_CA_CERTS only if it was set before it started.
 */
export function trustOf(caFile: string | undefined): { ca?: string[] } {
  return caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
}
