import { KINDS, type Millis, type StreamKind, type Window } from '../model.ts';
import { contentHash } from './content-hash.ts';
import { keyHash } from './key-hash.ts';

export type Verdict = 'new' | 'changed' | 'known';

/** Where the archive has a record: the batch, and the line in it. */
export type Position = { seq: number; n: number };

const EMPTY = 0;
const UNSEEN = 1;
const SEEN = 2;
const FORGOTTEN = 3;

/** 32-bit words per entry: two for the key, two for the content, then seq, n and state. */
const WORDS = 7;
const SEQ = 4;
const N = 5;
const STATE = 6;

/** A further content that a key had. */
type Further = Position & { state: number };

/**
 * Which records are archived, by key and content. This is an open-addressing hash table of plain numbers, because a Map of a
 * million ids would take ten times the memory. It has one entry per key; the few keys with several contents have the others in
 * a Map, so that a key with thousands of them costs no more than thousands of keys.
 *
 * A `log` remembers every content that a key ever had: a vendor that serves one id with two contents must not look changed in
 * every run. Other kinds compare with the latest content only: what changes back has changed.
 */
export class Known {
  readonly #latestOnly: boolean;
  /** A part of a series is asked for once per window: what was seen is not served again in it. */
  readonly #seenOnce: boolean;
  /** A power of two. */
  #capacity = 1 << 10;
  #used = 0;
  #words = new Int32Array(this.#capacity * WORDS);
  #times = new Float64Array(this.#capacity);
  /** By key, then by content. */
  readonly #further = new Map<string, Map<string, Further>>();
  #forgetBefore = Number.NEGATIVE_INFINITY;

  constructor(kind: StreamKind) {
    const { hasEvents, hasPeriods } = KINDS[kind];
    this.#latestOnly = !hasEvents;
    this.#seenOnce = hasPeriods;
  }

  /** Judges a record that the vendor serves, and remembers it as seen. */
  see(key: string, bytes: Buffer, context: string, time: Millis | null): Verdict {
    return this.#put(key, bytes, context, time, SEEN, { seq: 0, n: 0 });
  }

  /**
   * Adds a record from the archive, which the vendor has not served in this run yet. May come in any order: what was seen, or
   * was archived later, is newer.
   */
  load(key: string, bytes: Buffer, context: string, time: Millis | null, at: Position): void {
    this.#put(key, bytes, context, time, UNSEEN, at);
  }

  has(key: string): boolean {
    return this.#slot(...keyHash(key)) !== null;
  }

  /**
   * Forgets a key that vanished according to the archive: if it is served again, that is news.
   *
   * @param since the seq of the batch that says so; what is newer stays
   */
  forget(key: string, since: number): void {
    const [k0, k1] = keyHash(key);
    const slot = this.#slot(k0, k1);
    if (slot === null) return;
    const at = slot * WORDS;
    if (this.#words[at + STATE] !== UNSEEN || (this.#words[at + SEQ] ?? 0) >= since) return;
    this.#words[at + STATE] = FORGOTTEN;
    this.#further.delete(nameOf(k0, k1));
  }

  /** Logs: records before this instant cannot be served again in this window and may be dropped. */
  forgetBefore(time: Millis): void {
    this.#forgetBefore = time;
  }

  /** Where the archive has the keys that were loaded and not served since, in any content; oldest first. */
  unseen(window: { from: Millis; to: Millis } | null): Position[] {
    const positions: Position[] = [];
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const at = slot * WORDS;
      if (this.#words[at + STATE] !== UNSEEN) continue;
      const time = this.#times[slot] ?? Number.NaN;
      if (window !== null && !(time >= window.from && time < window.to)) continue;
      const further = [...(this.#furtherOf(slot)?.values() ?? [])];
      if (further.some(({ state }) => state === SEEN)) continue;
      const first = { seq: this.#words[at + SEQ] ?? 0, n: this.#words[at + N] ?? 0 };
      const { seq, n } = further.reduce((one, other) => (isBefore(one, other) ? other : one), {
        ...first,
        state: UNSEEN,
      });
      positions.push({ seq, n });
    }
    return positions.toSorted((a, b) => a.seq - b.seq || a.n - b.n);
  }

  /** How many keys have a time in the window. */
  keysIn({ from, to }: Window): number {
    let count = 0;
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const state = this.#words[slot * WORDS + STATE];
      const time = this.#times[slot] ?? Number.NaN;
      if (state !== EMPTY && state !== FORGOTTEN && time >= from && time < to) count += 1;
    }
    return count;
  }

  #put(
    key: string,
    bytes: Buffer,
    context: string,
    time: Millis | null,
    state: number,
    at: Position,
  ): Verdict {
    const [k0, k1] = keyHash(key);
    const [c0, c1] = contentHash(bytes, context);
    const slot = this.#slot(k0, k1);
    if (slot === null) {
      if (this.#used * 10 > this.#capacity * 6) this.#rebuild();
      this.#set(this.#free(k0), k0, k1, c0, c1, at, state, time);
      this.#used += 1;
      return 'new';
    }
    const word = slot * WORDS;
    if (this.#words[word + 2] === c0 && this.#words[word + 3] === c1) {
      if (state === SEEN) this.#words[word + STATE] = SEEN;
      return 'known';
    }
    if (!this.#latestOnly) return this.#putFurther(nameOf(k0, k1), nameOf(c0, c1), state, at);
    if (state === SEEN || this.#isNewer(slot, at)) {
      this.#set(slot, k0, k1, c0, c1, at, state, time);
    }
    return 'changed';
  }

  #putFurther(key: string, content: string, state: number, at: Position): Verdict {
    let contents = this.#further.get(key);
    if (contents === undefined) this.#further.set(key, (contents = new Map()));
    const found = contents.get(content);
    if (found === undefined) {
      contents.set(content, { ...at, state });
      return 'changed';
    }
    if (state === SEEN) found.state = SEEN;
    return 'known';
  }

  /** Whether what the archive has at a position is newer than the entry. */
  #isNewer(slot: number, at: Position): boolean {
    const word = slot * WORDS;
    const entry = { seq: this.#words[word + SEQ] ?? 0, n: this.#words[word + N] ?? 0 };
    return this.#words[word + STATE] === UNSEEN && isBefore(entry, at);
  }

  #furtherOf(slot: number): Map<string, Further> | undefined {
    if (this.#further.size === 0) return undefined;
    const word = slot * WORDS;
    return this.#further.get(nameOf(this.#words[word] ?? 0, this.#words[word + 1] ?? 0));
  }

  #set(
    slot: number,
    k0: number,
    k1: number,
    c0: number,
    c1: number,
    at: Position,
    state: number,
    time: Millis | null,
  ): void {
    const words = this.#words;
    const word = slot * WORDS;
    words[word] = k0;
    words[word + 1] = k1;
    words[word + 2] = c0;
    words[word + 3] = c1;
    words[word + SEQ] = at.seq;
    words[word + N] = at.n;
    words[word + STATE] = state;
    this.#times[slot] = time ?? Number.NaN;
  }

  /** The slot of a key; null if it has none, or was forgotten. */
  #slot(k0: number, k1: number): number | null {
    const last = this.#capacity - 1;
    for (let slot = k0 & last; ; slot = (slot + 1) & last) {
      const word = slot * WORDS;
      const state = this.#words[word + STATE];
      if (state === EMPTY) return null;
      if (state !== FORGOTTEN && this.#words[word] === k0 && this.#words[word + 1] === k1) {
        return slot;
      }
    }
  }

  #free(k0: number): number {
    const last = this.#capacity - 1;
    let slot = k0 & last;
    while (this.#words[slot * WORDS + STATE] !== EMPTY) slot = (slot + 1) & last;
    return slot;
  }

  /** Drops what may be forgotten, and grows only if that does not free enough. */
  #rebuild(): void {
    const words = this.#words;
    const times = this.#times;
    const kept: number[] = [];
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const state = words[slot * WORDS + STATE];
      if (state === EMPTY || state === FORGOTTEN) continue;
      const isOld =
        state === SEEN && (this.#seenOnce || (times[slot] ?? Number.NaN) < this.#forgetBefore);
      if (isOld) {
        const word = slot * WORDS;
        this.#further.delete(nameOf(words[word] ?? 0, words[word + 1] ?? 0));
      } else kept.push(slot);
    }
    if (kept.length * 10 > this.#capacity * 3) this.#capacity *= 2;
    this.#words = new Int32Array(this.#capacity * WORDS);
    this.#times = new Float64Array(this.#capacity);
    this.#used = kept.length;
    for (const slot of kept) {
      const entry = words.subarray(slot * WORDS, slot * WORDS + WORDS);
      const to = this.#free(entry[0] ?? 0);
      this.#words.set(entry, to * WORDS);
      this.#times[to] = times[slot] ?? Number.NaN;
    }
  }
}

function isBefore(one: Position, other: Position): boolean {
  return one.seq < other.seq || (one.seq === other.seq && one.n < other.n);
}

function nameOf(a: number, b: number): string {
  return `${a} ${b}`;
}
