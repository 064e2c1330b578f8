/**
 * Long work is never silent: on a terminal one line says what is being done, how much of it, how fast, and how long it will
 * take, at least once a second; elsewhere the log says so now and then.
 */
import type { Output } from './output.ts';
import { type At, factsOf, progressText } from './progress-text.ts';

export type Report = (at: At) => void;

const TICK_MS = 1000;
/** A terminal is drawn over no more often than this. */
const DRAW_EVERY_MS = 100;
const LOG_EVERY_MS = 10_000;

/** The works under way, outermost first: only the innermost is shown. */
const underWay = new WeakMap<Output, symbol[]>();

/** Does work of which `phase` says what it is, and shows how far it is as the work reports it. */
export async function during<T>(
  output: Output,
  phase: string,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const self = Symbol(phase);
  const works = underWay.get(output) ?? [];
  underWay.set(output, works);
  works.push(self);
  let at: At = {};
  let shownAt = startedAt;
  const show = (leastMs: number): void => {
    const now = performance.now();
    if (works.at(-1) !== self || now - shownAt < leastMs) return;
    shownAt = now;
    const elapsed = now - startedAt;
    if (output.isTerminal) output.progress(progressText(phase, at, elapsed));
    else output.log.info(factsOf(at, elapsed), phase);
  };
  const ticks = setInterval(() => show(output.isTerminal ? 0 : LOG_EVERY_MS), TICK_MS);
  // Work that waits for nothing else must not be kept from ending by what says how far it is.
  ticks.unref();
  try {
    return await work((next) => {
      at = next;
      show(output.isTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS);
    });
  } finally {
    clearInterval(ticks);
    works.splice(works.indexOf(self), 1);
    output.progress('');
  }
}
