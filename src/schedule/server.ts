import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, usageError } from '../errors.ts';

/** Where to listen; port 0 is any free one. */
export type Address = { host: string; port: number };

/** What is answered on a path; asked for at each request. */
export type Answer = { status: number; type: string; body: string };
export type Routes = Record<string, () => Promise<Answer> | Answer>;

type Listening = { url: string; close(): Promise<void> };

/**
 * Serves `routes` to whoever asks: GET and HEAD, nothing else.
 *
 * @throws AuditlakeError (exit 2) if the address cannot be had
 */
export async function serve({ host, port }: Address, routes: Routes): Promise<Listening> {
  const server = createServer((request, response) => {
    respond(routes, request, response).catch(() => response.destroy());
  });
  // Enough for every scraper, too few to exhaust the process.
  server.maxConnections = 64;
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        usageError(
          `schedule.listen: ${host}:${port} cannot be listened on: ${messageOf(error)}`,
          'name another address or port in schedule.listen, or false to serve nothing',
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  routes: Routes,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = url.split('?');
  const { status, type, body } = await answerTo(routes, method, path);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

async function answerTo(routes: Routes, method: string | undefined, path: string): Promise<Answer> {
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return plain(404, 'not found');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'GET and HEAD only');
  return await route();
}

export function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

export function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}
