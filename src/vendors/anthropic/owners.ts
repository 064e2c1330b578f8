import { readRow } from '../../extract/record.ts';
import type { SourceRecord } from '../../model.ts';
import { isRefusal } from './client.ts';

/**
 * Whose figures are whose, where a report names people by their addresses and keys by their names: what the lists of the
 * same run say. A name that several keys have says nothing about any of them.
 */
export class Owners {
  readonly #users = new Map<string, string>();
  /** Null for a name that is not unique. */
  readonly #keys = new Map<string, string | null>();
  readonly #lists: readonly (() => Promise<unknown>)[];

  /** @param lists read each list to its end, once in a run */
  constructor(...lists: (() => Promise<unknown>)[]) {
    this.#lists = lists;
  }

  learnUsers(records: readonly SourceRecord[]): void {
    for (const { key, bytes } of records) {
      const email = textIn(bytes, 'email');
      if (email !== null) this.#users.set(email.toLowerCase(), key);
    }
  }

  learnKeys(records: readonly SourceRecord[]): void {
    for (const { key, bytes } of records) {
      const name = textIn(bytes, 'name');
      if (name === null) continue;
      const known = this.#keys.get(name);
      this.#keys.set(name, known === undefined || known === key ? key : null);
    }
  }

  /** The ids of those among the names that are known, by name. A list that the key does not open names nobody. */
  async idsOf(names: Iterable<string>): Promise<Record<string, string>> {
    for (const read of this.#lists) {
      try {
        await read();
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    const found: Record<string, string> = {};
    for (const name of new Set(names)) {
      const id = this.#users.get(name.toLowerCase()) ?? this.#keys.get(name) ?? null;
      if (id !== null) found[name] = id;
    }
    return found;
  }
}

function textIn(bytes: Buffer, field: string): string | null {
  return readRow(bytes, { id: [field], time: [] }).id;
}
