/** A server on loopback for one test, and a transport to it. */
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { openTransport, type Transport } from '../../src/http/transport.ts';

export type Serve = (request: IncomingMessage, response: ServerResponse) => unknown;

/** @returns its address. It is closed when the test ends, with whatever is still open. */
export async function serve(answer: Serve): Promise<URL> {
  const server = createServer(
    (request, response) => void Promise.resolve(answer(request, response)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

export function transportFor(
  options: { timeout?: number; env?: Record<string, string> } = {},
): Transport {
  const { timeout = 5_000, env = {} } = options;
  const transport = openTransport({
    connections: 2,
    timeout,
    caFile: undefined,
    now: Date.now,
    env,
  });
  onTestFinished(() => transport.close());
  return transport;
}
