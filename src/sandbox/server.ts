import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exchange, type Line } from './exchange.ts';
import { Minutes } from './minutes.ts';
import { TokenBucket } from './token-bucket.ts';
import type { SandboxVendor } from './vendor.ts';

/** A vendor's API on loopback. */
export type Served<V extends SandboxVendor = SandboxVendor> = {
  /** Its base URL: the vendor's own first path segment on the common port. */
  url: string;
  token: string;
  /** Live: what a test changes in it is served at once. */
  vendor: V;
};

export type Sandbox<Vendors extends Record<string, SandboxVendor>> = {
  vendors: { [Name in keyof Vendors]: Served<Vendors[Name]> };
  /** Ends every connection, stalled ones included. */
  close: () => Promise<void>;
};

/**
 * Serves the APIs of any number of vendors on one port of 127.0.0.1, each below a first path segment that is its name.
 *
 * @param options.port      0 takes any free port
 * @param options.latencyMs added to each answer
 */
export async function startSandbox<Vendors extends Record<string, SandboxVendor>>(options: {
  port?: number;
  latencyMs?: number;
  vendors: Vendors;
}): Promise<Sandbox<Vendors>> {
  const { port = 0, latencyMs = 0, vendors } = options;
  // The vendors have nothing in common but the port: each has its own rate limit.
  const lines = new Map<string, Line>(
    Object.entries(vendors).map(([name, vendor]) => [
      name,
      { vendor, prefix: `/${name}`, latencyMs, bucket: new TokenBucket(), minutes: new Minutes() },
    ]),
  );
  const server = createServer((request, response) => {
    const line = lines.get(/^\/([^/?]*)/.exec(request.url ?? '')?.[1] ?? '');
    if (line === undefined) {
      sendNobody(response, [...lines.keys()]);
      return;
    }
    exchange(line, request, response).catch((error: unknown) => {
      sendDefect(response, error);
    });
  });
  // The default of 5 s would end idle connections in the middle of a test that waits: faults are to be chosen, not met.
  server.keepAliveTimeout = 60_000;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  const served = Object.entries(vendors).map(([name, vendor]) => [
    name,
    { url: `http://127.0.0.1:${address.port}/${name}`, token: vendor.token, vendor },
  ]);
  return {
    vendors: Object.fromEntries(served) as Sandbox<Vendors>['vendors'],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A base URL without a vendor's segment: says which there are. */
function sendNobody(response: ServerResponse, names: readonly string[]): void {
  response.writeHead(404, { 'content-type': 'text/plain' });
  response.end(`the sandbox serves ${names.map((name) => `/${name}`).join(', ')}\n`);
}

/** A defect of the sandbox, or of a test's `onRequest`, must not pass for a failure that it imitates. */
function sendDefect(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'text/plain' });
  response.end(`sandbox defect: ${error instanceof Error ? error.stack : String(error)}`);
}
