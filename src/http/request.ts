import type { Readable } from 'node:stream';
import type { Headers } from './headers.ts';

/** How long a request may take and how much it may bring. */
export type Limits = {
  /** Ms until the status is there, interim (1xx) answers or not. */
  answer: number;
  /** Ms for the whole request, its body included. */
  deadline: number;
  /** A body that brings fewer bytes per second over a span (ms) is given up. Time that the reader takes does not count. */
  lowestRate: { bytesPerSecond: number; span: number };
  /** Bytes of a body, after unpacking. */
  maxBytes: number;
};

export type Request = {
  method: string;
  /** Absolute. */
  url: URL;
  headers?: Readonly<Record<string, string>>;
  /** A stream can be sent once only: for a repeat the caller opens another. */
  body?: Buffer | string | Readable;
  signal: AbortSignal;
  /** What differs from the limits of the transport. */
  limits?: Partial<Limits>;
};

/** What came before the body. `at` is our clock when it came. */
export type Head = { status: number; headers: Headers; at: number };

/** An answer with its body, unpacked. The body is empty where the status is an error and the body cannot be read. */
export type Answer = Head & { body: Buffer };

/** An answer whose body is still to be read. It must be read, or its iterator closed: until then it holds a connection. */
export type StreamedAnswer = Head & { body: AsyncIterable<Buffer> };
