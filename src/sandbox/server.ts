import { type ServerResponse, createServer } from 'node:http';
import { exchange } from './exchange.ts';
import { TabnineVendor } from './tabnine/vendor.ts';
import { TokenBucket } from './token-bucket.ts';

export type SandboxOptions = {
  /** 0 takes any free port. The host is always 127.0.0.1. */
  port?: number;
  /** The one token that is accepted. */
  token?: string;
  /** The same seed, options and clock make the same data. */
  seed?: number;
  /** How many audit events the history holds. */
  events?: number;
  /** The history spans this many days. */
  days?: number;
  /** Where the history ends, in epoch ms; the same instant makes the same history again. Default: `now`. */
  until?: number;
  /** The upgrade to 6.2 in epoch ms, where usage v1 ends and v2 begins. Default: 40 days before the history's end. */
  frozenAt?: number;
  users?: number;
  teams?: number;
  /** The vendor's clock in epoch ms. */
  now?: () => number;
  /** Added to each answer. */
  latencyMs?: number;
};

export type Sandbox = {
  url: string;
  token: string;
  tabnine: TabnineVendor;
  /** Ends every connection, stalled ones included. */
  close(): Promise<void>;
};

/** Starts the vendors' APIs on loopback. The returned vendor objects are live: what a test changes in them is served at once. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const tabnine = new TabnineVendor(options);
  const line = { latencyMs: options.latencyMs ?? 0, bucket: new TokenBucket() };
  const server = createServer((request, response) => {
    exchange(tabnine, line, request, response).catch((error: unknown) => {
      sendDefect(response, error);
    });
  });
  // The default of 5 s would end idle connections in the middle of a test that waits: faults are to be chosen, not met.
  server.keepAliveTimeout = 60_000;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    token: tabnine.token,
    tabnine,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
