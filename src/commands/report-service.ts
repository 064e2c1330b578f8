/** The report on loopback, made anew for each look: read-only, for the person at this machine alone. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuditlakeError, messageOf, usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import type { Scope } from '../report/scope.ts';
import type { Context } from '../runs/context.ts';
import { makeReport } from '../runs/report/report.ts';

const HOST = '127.0.0.1';

/** Serves until the call is to end. @param scopeAt what the report is about, as of a look */
export async function serveReport(
  context: Context,
  { port, scopeAt }: { port: number; scopeAt: (now: Millis) => Scope },
): Promise<void> {
  const { output, signal, now } = context;
  // Two requests while a page is being made wait for the same page.
  let underWay: Promise<string> | null = null;
  const page = (): Promise<string> => {
    underWay ??= makeReport(context, scopeAt(now()))
      .then((made) => made.page)
      .finally(() => (underWay = null));
    return underWay;
  };
  const server = createServer((request, response) => {
    respond(page, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  await listening(server, port);
  const { port: bound } = server.address() as AddressInfo;
  output.line(`http://${HOST}:${bound}/`);
  output.say('the report is served until Ctrl-C, made anew for each look');
  await aborted(signal);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const what = `--port ${port} of ${HOST} cannot be listened on: ${messageOf(error)}`;
      reject(usageError(what, 'name another port, or leave it out to take a free one'));
    });
    server.listen(port, HOST, resolve);
  });
}

async function respond(
  page: () => Promise<string>,
  { method, url, headers, socket }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, text: string, type = 'text/plain'): void => {
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    response.end(method === 'HEAD' ? undefined : text);
  };
  // A web page elsewhere may give its own name the address of this machine, and would read the answer.
  const names = [`${HOST}:${socket.localPort}`, `localhost:${socket.localPort}`];
  if (!names.includes(headers.host ?? '')) return answer(421, 'ask for 127.0.0.1\n');
  if (method !== 'GET' && method !== 'HEAD') return answer(405, 'GET and HEAD only\n');
  if (url !== '/') return answer(404, 'not found\n');
  try {
    answer(200, await page(), 'text/html');
  } catch (error) {
    const hint = error instanceof AuditlakeError ? ` - ${error.hint}` : '';
    answer(500, `the report cannot be made: ${messageOf(error)}${hint}\n`);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
