import type { Readable } from 'node:stream';
import type { Headers } from './headers.ts';
import { HttpError } from './http-error.ts';
import type { Limits } from './request.ts';
import { readingError, unpacked } from './unpack.ts';
import type { Watch } from './watch.ts';

/**
 * A body as it comes, unpacked.
 *
 * @param body as the connection brings it
 * @param status what errors name
 * @throws HttpError `too-slow`, `too-large` or `undecodable`; else what broke the connection, or the watch's reason
 */
export async function* bodyOf(
  body: Readable,
  headers: Headers,
  limits: Pick<Limits, 'lowestRate' | 'maxBytes'>,
  watch: Watch,
  status: number,
): AsyncGenerator<Buffer, undefined> {
  const pace = new Pace(limits.lowestRate, watch, status);
  let bytes = 0;
  try {
    const pieces = unpacked(body, headers.get('content-encoding'), status);
    pace.wait();
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      pace.came(piece.length);
      bytes += piece.length;
      if (bytes > limits.maxBytes) throw tooLarge(limits.maxBytes, status);
      yield piece;
      pace.wait();
    }
  } catch (error) {
    throw readingError(error, status);
  } finally {
    watch.arrived();
    // What is left unread would keep its connection. That it was not wanted is no error.
    body.on('error', () => undefined).destroy();
  }
}

/** All of a body in one piece. @throws as `bodyOf` */
export async function wholeOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const list: Buffer[] = [];
  for await (const piece of pieces) list.push(piece);
  return list.length === 1 && list[0] !== undefined ? list[0] : Buffer.concat(list);
}

function tooLarge(maxBytes: number, status: number): HttpError {
  const most = `${Math.round(maxBytes / 2 ** 20)} MiB`;
  return new HttpError('too-large', `the answer is larger than ${most} when unpacked`, status);
}

/**
 * Holds a body to its lowest rate, span by span. A body that drips is never silent for long: only its rate gives it away.
 * Only time spent waiting for the other side counts.
 */
class Pace {
  readonly #rate: Limits['lowestRate'];
  readonly #watch: Watch;
  readonly #status: number;
  #waitingSince = 0;
  #waited = 0;
  #bytes = 0;

  constructor(rate: Limits['lowestRate'], watch: Watch, status: number) {
    this.#rate = rate;
    this.#watch = watch;
    this.#status = status;
  }

  wait(): void {
    this.#waitingSince = performance.now();
    this.#watch.awaits(this.#rate.span - this.#waited, () => this.#spanIsOver());
  }

  came(bytes: number): void {
    this.#watch.arrived();
    this.#waited += performance.now() - this.#waitingSince;
    this.#bytes += bytes;
  }

  #spanIsOver(): void {
    if (this.#isTooSlow()) {
      const { bytesPerSecond, span } = this.#rate;
      const message = `the answer came with less than ${bytesPerSecond} bytes per second over ${span / 1000} s`;
      this.#watch.abort(new HttpError('too-slow', message, this.#status));
      return;
    }
    this.#nextSpan();
    this.wait();
  }

  #isTooSlow(): boolean {
    return this.#bytes < (this.#rate.bytesPerSecond * this.#rate.span) / 1000;
  }

  #nextSpan(): void {
    this.#waited = 0;
    this.#bytes = 0;
  }
}
