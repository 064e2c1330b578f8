import { AuditlakeError, EXIT, messageOf, stopped } from '../../errors.ts';
import { portionsOf, type LineTarget } from './lines.ts';

/** The failed write tells it. The event comes after that, even after `close`, and without a listener ends the process. */
const ignore = (): void => undefined;

/** Lines into a stream. A portion is delivered when the stream has handed it on: what its reader does is not known. */
export function streamTarget(name: string, stream: NodeJS.WritableStream): LineTarget {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return {
    async write(parcel, format, signal) {
      for await (const { text, rows, last } of portionsOf(parcel, format, signal)) {
        await written(stream, text, signal).catch((error: unknown) => {
          throw error instanceof AuditlakeError ? error : streamError(name, error);
        });
        await parcel.delivered(last, rows);
      }
    },
    async check() {
      if (stream.writable) return 'standard output is open: rows go to whoever reads it';
      throw streamError(name, new Error('it is closed'));
    },
    close: async () => undefined,
  };
}

/** Waits until the text has left, which is all the backpressure there is: one portion is under way at a time. */
async function written(
  stream: NodeJS.WritableStream,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // A reader that stands still would hold the run for ever.
      onAbort = () => reject(stopped());
      signal.addEventListener('abort', onAbort, { once: true });
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

function streamError(name: string, error: unknown): AuditlakeError {
  return new AuditlakeError(
    'ndjson-stdout',
    `sink ${name}: writing to standard output failed: ${messageOf(error)}`,
    'its reader has ended: start it again and run `auditlake deliver`, which goes on from here',
    EXIT.incomplete,
    error,
  );
}
