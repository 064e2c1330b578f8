import { AuditlakeError, stopped } from '../../errors.ts';
import { stdoutError } from './answers.ts';
import { linesOf, type Writer } from './encode.ts';

/** The failed write reports the error. The event comes later, even after `close`, and without a listener ends the process. */
const ignore = (): void => undefined;

/** Lines into a stream. They are acknowledged when the stream has passed them on: what its reader does is not known. */
export function streamWriter(name: string, stream: NodeJS.WritableStream): Writer {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return async (delivery, format, signal) => {
    for await (const { text, rows, last } of linesOf(delivery, format, signal)) {
      await written(stream, text, signal).catch((error: unknown) => {
        throw error instanceof AuditlakeError ? error : stdoutError(name, error);
      });
      await delivery.acknowledged(last, rows);
    }
  };
}

/** Waits until the text has left: the next rows are read only then, which is all the back-pressure there is. */
async function written(
  stream: NodeJS.WritableStream,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // A reader that stands still would hold the run up for ever.
      onAbort = () => reject(stopped());
      signal.addEventListener('abort', onAbort, { once: true });
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
