/** What this process hands to `main`: the one place, with the entry points, that reads `process`. */
export function invocationOf(argv: readonly string[], signal: AbortSignal) {
  const { env, stdin, stdout, stderr } = process;
  return { argv, env, cwd: process.cwd(), stdin, stdout, stderr, signal, now: Date.now };
}

/**
 * Gives work a signal that fires on Ctrl-C or SIGTERM, so that it can commit what it has. A second one ends the process
 * at once: that is safe at any moment.
 *
 * Everything written is private to this user, so it is the umask too that is set here.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  process.umask(0o077);
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Output that nobody takes stops no work: a log without a reader, a full disk. What was done counts, and `exitWith` says
  // that it could not be printed.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => (unprinted ??= error));
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Why standard output could not be written. */
let unprinted: NodeJS.ErrnoException | null = null;

/**
 * Ends the process once what was printed is out. That a reader went away (`| head`) is no failure.
 *
 * A client of a receiver that no longer answers may keep connections open for long after the work is over: nobody is to
 * wait for those.
 */
export function exitWith(code: number): void {
  process.exitCode = code;
  // What fails is reported after the callback of a later write.
  process.stdout.write('', () =>
    setImmediate(() => {
      const failed = unprinted !== null && unprinted.code !== 'EPIPE';
      const text = failed
        ? `auditlake: standard output cannot be written: ${unprinted?.message}\n`
        : '';
      process.stderr.write(text, () => process.exit(failed && code === 0 ? 1 : code));
    }),
  );
}
