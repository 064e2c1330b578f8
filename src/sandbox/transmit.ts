import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Answer, bytesOf } from './answer.ts';
import type { Transport } from './faults.ts';

const compress = promisify(gzip);
/** Below this, compression makes an answer longer. */
const WORTH_COMPRESSING_BYTES = 1024;

/** Sends the answer, or as much of it as the transport lets through. */
export async function transmit(
  response: ServerResponse,
  answer: Answer,
  transport: Transport,
  gzipAccepted: boolean,
): Promise<void> {
  if (transport === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (transport === 'stall-headers') return;

  const bytes = await encode(response, answer, gzipAccepted);
  response.statusCode = answer.status;
  response.setHeader('content-type', answer.type);
  response.setHeader('content-length', bytes.length);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);

  if (transport === 'stall') {
    response.flushHeaders();
  } else if (transport === 'cut') {
    // Ended only when the half is out: destroying at once could lose the headers too.
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    response.write(half, () => response.socket?.destroy());
  } else {
    response.end(bytes);
  }
}

async function encode(
  response: ServerResponse,
  answer: Answer,
  gzipAccepted: boolean,
): Promise<Buffer> {
  const plain = bytesOf(answer);
  if (!gzipAccepted || plain.length < WORTH_COMPRESSING_BYTES) return plain;
  response.setHeader('content-encoding', 'gzip');
  return compress(plain, { level: 1 });
}
