import type { Page } from '../model.ts';
import { isMadeKey } from '../platform/key.ts';

/**
 * A list that one stream archives and other streams go through member by member. It is read once in a run, by whoever
 * needs it first, while the others wait; if it was refused, it is not asked for again.
 */
export class SharedList {
  readonly #read: () => AsyncIterable<Page>;
  #ids: string[] | null = null;
  #failure: unknown = null;
  /** Ends, without an error, when the reading that is under way does. */
  #underWay: Promise<void> | null = null;

  constructor(read: () => AsyncIterable<Page>) {
    this.#read = read;
  }

  /** The list for the stream that archives it. */
  async *pages(): AsyncGenerator<Page> {
    if (this.#failure !== null) throw this.#failure;
    const ids = new Set<string>();
    const end: { tell?: () => void } = {};
    this.#underWay = new Promise((resolve) => {
      end.tell = resolve;
    });
    try {
      for await (const page of this.#read()) {
        // A member without an id cannot be asked about.
        for (const { key } of page.records) if (!isMadeKey(key)) ids.add(key);
        yield page;
      }
      this.#ids = [...ids];
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#underWay = null;
      end.tell?.();
    }
  }

  /** The ids of all members. Waits for a stream that is reading them. */
  async ids(): Promise<string[]> {
    while (this.#ids === null && this.#underWay !== null) await this.#underWay;
    if (this.#ids === null) for await (const _ of this.pages());
    return this.#ids ?? [];
  }
}
