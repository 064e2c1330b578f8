import type { Output } from '../platform/output.ts';
import type { Progress } from './read-ports.ts';

const LOG_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 100;

/** One line on a terminal; elsewhere a log line now and then, so that a long backfill is not silent. */
export class ProgressLine {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #startedAt: number;
  #drawnAt = 0;
  #loggedAt: number;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#startedAt = now();
    this.#loggedAt = this.#startedAt;
  }

  show(at: Progress): void {
    const now = this.#now();
    const perSecond = Math.round(at.records / Math.max(0.001, (now - this.#startedAt) / 1000));
    const part = at.fraction === null ? '' : `  ${Math.min(100, Math.floor(at.fraction * 100))} %`;
    if (this.#output.isTerminal) {
      if (now - this.#drawnAt < DRAW_EVERY_MS) return;
      this.#drawnAt = now;
      const counts = `${at.pages} pages  ${at.records} records (${at.newRecords} new)  ${perSecond}/s`;
      this.#output.progress(`${at.source}/${at.stream}  ${counts}${part}`);
    } else if (now - this.#loggedAt > LOG_EVERY_MS) {
      this.#loggedAt = now;
      this.#output.log.info({ ...at, perSecond }, 'reading');
    }
  }
}
