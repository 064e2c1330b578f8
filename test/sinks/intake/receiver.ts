/** The invented sink's receiver on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { openTransport } from '../../../src/http/transport.ts';
import type { RowReceiver } from '../receiver.ts';
import { openIntake } from './sink.ts';

export type StoredRow = {
  table: string;
  format: string;
  key: Record<string, unknown>;
  row: unknown;
};
type Reply = { status: number; body: string; headers?: Record<string, string> };

export type IntakeServer = {
  url: string;
  key: string;
  stored: StoredRow[];
  refused: Set<string>;
  isDown: boolean;
  answersToLose: number;
  requests: string[];
  /** Called before a request is served. */
  onRequest: (what: string) => void;
};

export async function startIntake(): Promise<IntakeServer> {
  /** Rows by receipt: they are stored when the receipt is looked at for the second time. */
  const pending = new Map<string, { looks: number; rows: StoredRow[] }>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const what = `${request.method} ${request.url}`;
    intake.onRequest(what);
    intake.requests.push(what);
    const body = await textOf(request);
    const { status, headers, body: answer } = reply(request, body);
    if (status === 202 && intake.answersToLose > 0) {
      intake.answersToLose -= 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(status, headers).end(answer);
  };
  const server = createServer((request, response) => void serve(request, response));
  const reply = (request: IncomingMessage, body: string): Reply => {
    if (intake.isDown) return { status: 503, body: '', headers: { 'retry-after': '0' } };
    if (request.headers.authorization !== `Key ${intake.key}`) return { status: 401, body: '' };
    const receipt = /^\/receipts\/(.+)$/.exec(request.url ?? '')?.[1];
    return receipt === undefined ? accept(body) : { status: 200, body: look(receipt) };
  };
  const accept = (body: string): Reply => {
    const { table, format, rows } = JSON.parse(body) as {
      table: string;
      format: string;
      rows: { key: Record<string, unknown>; row: unknown }[];
    };
    const row = rows.findIndex(({ key }) => intake.refused.has(uidOf(key)));
    if (row >= 0) return { status: 422, body: JSON.stringify({ row, why: 'not wanted here' }) };
    const receipt = String(pending.size + 1);
    pending.set(receipt, { looks: 0, rows: rows.map((one) => ({ table, format, ...one })) });
    return { status: 202, body: JSON.stringify({ receipt }) };
  };
  const look = (receipt: string): string => {
    const found = pending.get(receipt);
    if (found === undefined) return 'unknown';
    found.looks += 1;
    if (found.looks === 2) intake.stored.push(...found.rows);
    return found.looks < 2 ? 'pending' : 'stored';
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const intake: IntakeServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: 'intake-key-0000-1111-2222',
    stored: [],
    refused: new Set(),
    isDown: false,
    answersToLose: 0,
    requests: [],
    onRequest: () => undefined,
  };
  return intake;
}

/** The key has the row's uid under the table's own name for it. */
export function uidOf(key: Record<string, unknown>): string {
  const [uid] =
    Object.entries(key)
      .find(([name]) => name !== 'revision')
      ?.slice(1) ?? [];
  return String(uid);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export async function intakeReceiver(): Promise<RowReceiver> {
  const server = await startIntake();
  const { url, key } = server;
  return {
    configured: { url, key },
    open: async () =>
      openIntake({
        name: 'intake',
        url,
        key,
        rowsPerRequest: 90,
        format: 'auditlake',
        transport: openTransport({
          connections: 2,
          timeout: 5_000,
          caFile: undefined,
          env: {},
          now: Date.now,
        }),
      }),
    received: async () =>
      server.stored.map(({ key: of }) => ({ uid: uidOf(of), revision: Number(of['revision']) })),
    exact: false,
    refuse(uids) {
      for (const uid of uids) server.refused.add(uid);
    },
    down: (isDown) => void (server.isDown = isDown),
    loseAnswers: (count) => void (server.answersToLose = count),
    revoke: () => void (server.key = 'another-key-3333'),
  };
}
