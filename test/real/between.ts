/** Stands between a sink and a real server: notes what is asked, and makes the trouble that a network makes. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Between = {
  origin: string;
  /** As `PUT /bucket/key`. */
  asked: string[];
  isDown: boolean;
  answersToLose: number;
  /** Called before a request is handed on. */
  onRequest: () => void;
};

export async function between(server: () => string): Promise<Between> {
  const here: Between = {
    origin: '',
    asked: [],
    isDown: false,
    answersToLose: 0,
    onRequest: () => undefined,
  };
  const proxy = createServer((asked, answer) => {
    here.asked.push(`${asked.method} ${decodeURIComponent(asked.url ?? '').replace(/\?.*/, '')}`);
    here.onRequest();
    if (here.isDown) {
      asked.resume();
      asked.on('end', () => answer.writeHead(503).end());
      return;
    }
    here.answersToLose -= 1;
    handOn(server(), asked, answer, here.answersToLose >= 0);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  here.origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return here;
}

/** The host stays as it was asked for: it is part of what is signed. */
function handOn(
  server: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  isLost: boolean,
): void {
  const { method = 'GET', headers, url = '/' } = asked;
  const cut = (): void => void asked.socket.destroy();
  const onward = request(`${server}${url}`, { method, headers, setHost: false }, (answered) => {
    if (isLost) {
      answered.resume();
      answered.on('end', cut);
      return;
    }
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
    answered.on('error', cut);
  });
  onward.on('error', cut);
  asked.on('error', () => onward.destroy());
  asked.pipe(onward);
}
