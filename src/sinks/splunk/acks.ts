import { pause } from '../../http/timer.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

type Waiting = {
  channel: string;
  id: number;
  deadline: number;
  resolve(isIndexed: boolean): void;
  reject(error: unknown): void;
};

/** Which numbers of a channel are indexed; null if the server no longer knows the channel. */
type Ask = (channel: string, ids: readonly number[]) => Promise<Set<number> | null>;

/**
 * Waits for the acknowledgements of several batches. One request asks about all numbers of a channel, less and less often
 * while nothing new is indexed. Splunk says "indexed" once: if that answer is lost, the number is never acknowledged.
 */
export class Acks {
  readonly #ask: Ask;
  readonly #timeout: number;
  readonly #signal: AbortSignal;
  readonly #waiting = new Set<Waiting>();
  #isAsking = false;

  /** @param timeout ms to wait for a number */
  constructor(ask: Ask, timeout: number, signal: AbortSignal) {
    this.#ask = ask;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /** @returns whether it was acknowledged in time. @throws an error that makes asking pointless */
  wait(channel: string, id: number): Promise<boolean> {
    const same = [...this.#waiting].find((one) => one.channel === channel && one.id === id);
    if (same !== undefined) {
      // A number comes twice if the server has restarted. "Indexed" could then mean either of the two batches.
      this.#end(same, false);
      return Promise.resolve(false);
    }
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + this.#timeout;
      this.#waiting.add({ channel, id, deadline, resolve, reject });
      if (!this.#isAsking) void this.#askUntilDone();
    });
  }

  async #askUntilDone(): Promise<void> {
    this.#isAsking = true;
    let ms = FIRST_PAUSE_MS;
    try {
      while (this.#waiting.size > 0) {
        const soonest = Math.min(...[...this.#waiting].map(({ deadline }) => deadline));
        const left = Math.max(0, soonest - performance.now());
        await pause(Math.min(ms, left), this.#signal);
        ms = (await this.#askOnce()) ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, ms * 2);
      }
    } catch (error) {
      for (const one of this.#waiting) one.reject(error);
      this.#waiting.clear();
    } finally {
      this.#isAsking = false;
    }
  }

  /** @returns whether there was news */
  async #askOnce(): Promise<boolean> {
    const before = this.#waiting.size;
    for (const channel of new Set([...this.#waiting].map((one) => one.channel))) {
      const asked = [...this.#waiting].filter((one) => one.channel === channel);
      const indexed = await this.#ask(
        channel,
        asked.map(({ id }) => id),
      );
      const now = performance.now();
      for (const one of asked) {
        if (indexed?.has(one.id) === true) this.#end(one, true);
        else if (indexed === null || now >= one.deadline) this.#end(one, false);
      }
    }
    return this.#waiting.size < before;
  }

  #end(one: Waiting, isIndexed: boolean): void {
    this.#waiting.delete(one);
    one.resolve(isIndexed);
  }
}
