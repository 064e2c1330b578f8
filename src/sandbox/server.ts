import { type ServerResponse, createServer } from 'node:http';
import { type DevinOptions, DevinVendor } from '../vendors/devin/sandbox/vendor.ts';
import { exchange } from './exchange.ts';
import { TabnineVendor } from '../vendors/tabnine/sandbox/vendor.ts';
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
  /** The second vendor, whose history has its own length; it shares the seed, the clock and the history's end. */
  devin?: DevinOptions;
};

export type Sandbox = {
  url: string;
  token: string;
  tabnine: TabnineVendor;
  devinToken: string;
  devin: DevinVendor;
  /** Ends every connection, stalled ones included. */
  close(): Promise<void>;
};

/** Tabnine's paths begin with /api. The earlier versions of Devin's API are not served, but it is Devin that says so. */
const DEVIN_PATH = /^\/v\d/;

/** Starts the vendors' APIs on loopback. The returned vendor objects are live: what a test changes in them is served at once. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const tabnine = new TabnineVendor(options);
  const devin = new DevinVendor(devinOptions(options));
  const { latencyMs = 0 } = options;
  // The vendors have nothing in common but the port: each counts its own requests.
  const [tabnineLine, devinLine] = [
    { latencyMs, bucket: new TokenBucket() },
    { latencyMs, bucket: new TokenBucket() },
  ];
  const server = createServer((request, response) => {
    const [vendor, line] = DEVIN_PATH.test(request.url ?? '')
      ? [devin, devinLine]
      : [tabnine, tabnineLine];
    exchange(vendor, line, request, response).catch((error: unknown) => {
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
    devinToken: devin.token,
    devin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What is set for both vendors, and then what is set for this one. */
function devinOptions({ seed, until, now, devin }: SandboxOptions): DevinOptions {
  return {
    ...(seed !== undefined && { seed }),
    ...(until !== undefined && { until }),
    ...(now !== undefined && { now }),
    ...devin,
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
