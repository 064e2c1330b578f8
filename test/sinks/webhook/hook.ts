/** A receiver of webhooks on loopback. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export type Posted = { path: string; headers: IncomingHttpHeaders; body: string };

export class Hook {
  readonly posted: Posted[] = [];
  readonly poison = new Set<string>();
  isDown = false;
  isRevoked = false;
  answersToLose = 0;
  /** Answers before anything else is looked at. */
  intercept:
    | ((posted: Posted) => { status: number; headers?: Record<string, string> } | null)
    | null = null;
}

export async function startHook(): Promise<{ hook: Hook; url: string }> {
  const hook = new Hook();
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, headers).end(body);
    };
    void text(request).then((body) => {
      const posted = { path: request.url ?? '', headers: request.headers, body };
      if (hook.isDown) return void request.socket.destroy();
      if (hook.isRevoked) return answer(403, 'invalid_token');
      if (request.method !== 'POST') return answer(405, '');
      const other = hook.intercept?.(posted) ?? null;
      if (other !== null) return answer(other.status, 'not now', other.headers);
      if ([...hook.poison].some((uid) => body.includes(uid))) return answer(400, 'invalid_payload');
      hook.posted.push(posted);
      if (hook.answersToLose > 0) {
        hook.answersToLose -= 1;
        return void request.socket.destroy();
      }
      return answer(200, 'ok');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    hook,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=of-the-hook`,
  };
}
