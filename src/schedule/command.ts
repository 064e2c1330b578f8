import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { piecesOf } from './pieces.ts';

const BIN = fileURLToPath(new URL('../bin.js', import.meta.url));
const LONGEST_DOCUMENT = 16 * 1024 * 1024;
const LONGEST_LOG_LINE = 64 * 1024;
/** With what is left of ten seconds, after which container engines kill. */
const PATIENCE_MS = 8_000;

/** How a command ended: 128 plus the number where a signal ended it. `document` is its last line, null if that is none. */
export type Ended = { exit: number; document: unknown };

type Surroundings = {
  env: Record<string, string | undefined>;
  cwd: string;
  signal: AbortSignal;
  stdout: Writable;
  stderr: Writable;
};

/**
 * Runs a command line of auditlake as a process of its own and waits for it. Its log goes to `stderr` as it is, and what it
 * prints before its document, if anything, to `stdout`.
 *
 * Once the signal fires it is asked to end, and killed if it does not: what it has committed is safe.
 */
export async function runCommand(
  argv: readonly string[],
  { env, cwd, signal, stdout, stderr }: Surroundings,
): Promise<Ended> {
  const child = spawn(process.execPath, [...process.execArgv, BIN, ...argv], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C at a terminal reaches a whole process group, and twice would mean "stop at once".
    detached: true,
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const kill = (): void => void child.kill('SIGKILL');
  let patience: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    patience = setTimeout(kill, PATIENCE_MS);
  };
  process.once('exit', kill);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [[code, killedBy], document] = await Promise.all([
      closed,
      passDocument(child.stdout, stdout, signal),
      passAll(child.stderr, stderr, signal),
    ]);
    return { exit: code ?? 128 + constants.signals[killedBy ?? 'SIGKILL'], document };
  } finally {
    clearTimeout(patience);
    process.off('exit', kill);
    signal.removeEventListener('abort', stop);
  }
}

async function passAll(from: Readable, to: Writable, signal: AbortSignal): Promise<void> {
  for await (const piece of piecesOf(from.setEncoding('utf8'), LONGEST_LOG_LINE)) {
    await write(to, piece, signal);
  }
}

async function passDocument(from: Readable, to: Writable, signal: AbortSignal): Promise<unknown> {
  let last: string | null = null;
  for await (const piece of piecesOf(from.setEncoding('utf8'), LONGEST_DOCUMENT)) {
    if (last !== null) await write(to, last, signal);
    last = piece;
  }
  if (last === null) return null;
  try {
    return JSON.parse(last) as unknown;
  } catch {
    await write(to, last, signal);
    return null;
  }
}

async function write(to: Writable, text: string, signal: AbortSignal): Promise<void> {
  if (to.write(text) || signal.aborted) return;
  // A reader that never takes our output must not keep us from ending.
  await once(to, 'drain', { signal }).catch(() => undefined);
}
