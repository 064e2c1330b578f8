import type { Millis, Window } from '../model.ts';

type Dated = { time: Millis | null };

/**
 * Whether a server does what it is asked for a window. What it serves for one is archived, whatever date it bears: it may go by
 * when it took an event in. But one that ignores the question serves its whole history every time, of which what lies before
 * the window was read before, was not wanted, or has been removed on purpose.
 */
export class TimeFilter {
  readonly #probe: (window: Window) => Promise<readonly Dated[]>;
  #isIgnored: Promise<boolean> | null = null;

  /** @param probe asks for a window */
  constructor(probe: (window: Window) => Promise<readonly Dated[]>) {
    this.#probe = probe;
  }

  /** Asks once for a second in which nothing can have happened. */
  isIgnored(): Promise<boolean> {
    return (this.#isIgnored ??= this.#ask());
  }

  async #ask(): Promise<boolean> {
    const rows = await this.#probe(NOTHING_HAPPENED);
    return rows.some(({ time }) => time !== null && time >= NOTHING_HAPPENED.to);
  }

  /** The rows that were served for a window that begins at `from`. */
  async served<Row extends Dated>(rows: readonly Row[], from: Millis): Promise<readonly Row[]> {
    const isAsked = ({ time }: Row): boolean => time === null || time >= from;
    return rows.every(isAsked) || !(await this.isIgnored()) ? rows : rows.filter(isAsked);
  }
}

/** The first second that is an instant at all. */
const NOTHING_HAPPENED: Window = { from: Date.UTC(2000, 0), to: Date.UTC(2000, 0) + 2000 };
