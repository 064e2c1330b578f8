import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './answer.ts';
import { type Spoiled, chooseFault, retryAfter, spoil } from './faults.ts';
import type { Minutes } from './minutes.ts';
import type { TokenBucket } from './token-bucket.ts';
import { transmit } from './transmit.ts';
import type { RequestRecord, SandboxVendor } from './vendor.ts';

/** How one vendor is reached on a server. */
export type Line = {
  readonly vendor: SandboxVendor;
  /** Its first path segment, which it does not see itself. */
  readonly prefix: string;
  readonly latencyMs: number;
  readonly bucket: TokenBucket;
  readonly minutes: Minutes;
};

/** Takes one request from arrival to answer: noted, announced to the test, delayed, perhaps spoiled, sent. */
export async function exchange(
  line: Line,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { vendor } = line;
  const call = readCall(request, line.prefix, await text(request));
  const record: RequestRecord = {
    method: call.method,
    path: call.path,
    query: call.query,
    at: vendor.clock(),
    host: request.headers.host ?? '',
    headers: Object.keys(request.headers),
    status: 0,
    served: 0,
  };
  const index = vendor.requests.push(record) - 1;

  await vendor.onRequest?.({ path: call.path, query: call.query, index });
  // An unreferenced timer: a closed sandbox must not keep its process alive.
  if (line.latencyMs > 0) await sleep(line.latencyMs, undefined, { ref: false });

  const { answer, transport } = outcome(line, call, record, index);
  if (transport !== 'reset' && transport !== 'stall-headers') {
    record.status = answer.status;
    record.served = answer.served ?? 0;
  }
  response.sendDate = false;
  response.setHeader('date', new Date(vendor.clock()).toUTCString());
  const gzipAccepted =
    vendor.quirks.gzip && (request.headers['accept-encoding'] ?? '').includes('gzip');
  await transmit(response, answer, transport, gzipAccepted);
}

function outcome(
  { vendor, bucket, minutes }: Line,
  call: Call,
  record: RequestRecord,
  index: number,
): Spoiled {
  const fault = chooseFault(vendor.faults, call.path, index);
  if (fault !== undefined) {
    record.fault = fault;
    return spoil(fault, vendor, () => vendor.answer(call));
  }
  const { rateLimit, minutes: allowed } = vendor.faults;
  const wait = allowed === null ? 0 : minutes.take(call.path, allowed.limits, vendor.clock());
  if (wait > 0) {
    const answer = vendor.failure(429);
    const said =
      allowed?.saysWhen === true ? retryAfter(answer, String(Math.ceil(wait / 1000))) : answer;
    return { answer: said, transport: 'whole' };
  }
  const limited = rateLimit !== null && !bucket.take(rateLimit.perSecond, performance.now());
  return { answer: limited ? vendor.failure(429) : vendor.answer(call), transport: 'whole' };
}

function readCall(request: IncomingMessage, prefix: string, body: string): Call {
  const url = new URL(`http://sandbox${request.url ?? '/'}`);
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(prefix.length),
    base: `http://${request.headers.host ?? '127.0.0.1'}${prefix}`,
    query: Object.fromEntries(url.searchParams),
    params: url.searchParams,
    headers: request.headers,
    body,
  };
}
