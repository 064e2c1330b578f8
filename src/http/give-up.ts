import { startTimer } from './timer.ts';

/**
 * Gives the other side up once nothing it was asked for has succeeded for a time since the first failure. A timer and not
 * a look at the clock between attempts: a request that hangs and a long pause end with it too.
 */
export class GiveUp {
  readonly after: number;
  readonly #controller = new AbortController();
  #last: Error | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #stopTimer: () => void = () => undefined;
  #underWay = 0;

  /** @param after ms */
  constructor(after: number) {
    this.after = after;
  }

  /** Fires when it is given up, with the last failure as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ms until it is given up if nothing succeeds. */
  get left(): number {
    return this.#dueAt - performance.now();
  }

  /** Does what is given up too when the time is over. @throws the last failure if that has been so before */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  failed(error: Error): void {
    this.#last = error;
    if (this.#dueAt === Number.POSITIVE_INFINITY) {
      this.#dueAt = performance.now() + this.after;
      this.#stopTimer = startTimer(this.after, () => this.#onTime());
    } else if (this.left <= 0) {
      this.#onTime();
    }
  }

  succeeded(): void {
    this.#stopTimer();
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#last = null;
  }

  /** Time in which nobody asks proves nothing: then it is the next failure that decides. */
  #onTime(): void {
    if (this.#underWay > 0) this.#controller.abort(this.#last);
  }
}
