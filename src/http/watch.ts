import { startTimer } from './timer.ts';

/**
 * Ends a request from outside: when the caller's signal fires, when its deadline is over, or when what is awaited at the
 * moment does not come in time. The reason of `signal` says which of them it was.
 */
export class Watch {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stopDeadline: () => void;
  #stopAwaited: () => void = () => undefined;

  /** @param overdue the reason once `deadline` ms are over */
  constructor(outer: AbortSignal, deadline: number, overdue: () => Error) {
    this.#outer = outer;
    this.#stopDeadline = startTimer(deadline, () => this.#controller.abort(overdue()));
    if (outer.aborted) this.#onOuterAbort();
    else outer.addEventListener('abort', this.#onOuterAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something is awaited from now on. `onLate` is called if it has not `arrived` within `ms`. */
  awaits(ms: number, onLate: () => void): void {
    this.#stopAwaited();
    this.#stopAwaited = startTimer(ms, onLate);
  }

  arrived(): void {
    this.#stopAwaited();
  }

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Forgets timers and the outer signal. Must be called, or both outlive the request. */
  end(): void {
    this.#stopAwaited();
    this.#stopDeadline();
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => this.#controller.abort(this.#outer.reason);
}
