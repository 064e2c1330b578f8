import type { Page } from '../model.ts';

/**
 * A list that one stream archives and others go through member by member: read once in a run, by whoever needs it
 * first. What was refused once is not asked for again.
 */
export class Roster {
  readonly #read: () => AsyncIterable<Page>;
  #ids: string[] | null = null;
  #failure: unknown = null;

  constructor(read: () => AsyncIterable<Page>) {
    this.#read = read;
  }

  /** The list for the stream that archives it. */
  async *pages(): AsyncGenerator<Page> {
    if (this.#failure !== null) throw this.#failure;
    const ids = new Set<string>();
    try {
      for await (const page of this.#read()) {
        for (const record of page.records) ids.add(record.key);
        yield page;
      }
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    this.#ids = [...ids];
  }

  /** The ids of all members. */
  async ids(): Promise<string[]> {
    if (this.#ids === null) for await (const _ of this.pages());
    return this.#ids ?? [];
  }
}
