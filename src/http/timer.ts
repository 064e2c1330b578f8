import { setTimeout as sleep } from 'node:timers/promises';

/** Node's timers fire at once for more than this: a long wait would become none. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A timer for any number of ms, Infinity included. It does not keep the process alive: what it watches does.
 * @returns a function that clears it
 */
export function startTimer(ms: number, onTime: () => void): () => void {
  const timer = setTimeout(onTime, timerDelay(ms));
  timer.unref();
  return () => clearTimeout(timer);
}

/** Waits. @throws the signal's reason */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(timerDelay(ms), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** What a timer can be given. Pure. */
export function timerDelay(ms: number): number {
  return Math.min(Math.max(0, ms), LONGEST_MS);
}
