import { hash, randomInt } from 'node:crypto';
import { KINDS, type Millis, type StreamKind, type Window } from '../model.ts';

export type Verdict = 'new' | 'changed' | 'known';

/** Where the archive has a record: the batch, and the line in it. */
export type Position = { seq: number; n: number };

const EMPTY = 0;
const UNSEEN = 1;
const SEEN = 2;
const FORGOTTEN = 3;

/** 32-bit words per entry: two for the key, two for the content, then seq, n and state. */
const WORDS = 7;

/** Random, so that nobody can craft ids that collide. */
const SEED = randomInt(2 ** 32);

/**
 * Which records are archived, by key and content. This is an open-addressing hash table of plain numbers, because a Map of a
 * million ids would take ten times the memory.
 *
 * A `log` remembers every content that a key ever had: a vendor that serves one id with two contents must not look changed in
 * every run. Other kinds compare with the latest content only: what changes back has changed.
 */
export class Known {
  readonly #latestOnly: boolean;
  /** A part of a series is asked for once per window: what was seen is not served again in it. */
  readonly #seenOnce: boolean;
  #capacity = 1 << 10;
  #used = 0;
  #words = new Uint32Array(this.#capacity * WORDS);
  #times = new Float64Array(this.#capacity);
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

  /** Adds a record from the archive, which the vendor has not served in this run yet. */
  load(key: string, bytes: Buffer, context: string, time: Millis | null, at: Position): void {
    this.#put(key, bytes, context, time, UNSEEN, at);
  }

  /** Forgets a key that vanished according to the archive: if it is served again, that is news. */
  forget(key: string): void {
    const [k0, k1] = keyHash(key);
    for (const slot of this.#slots(k0, k1)) this.#words[slot * WORDS + 6] = FORGOTTEN;
  }

  /** Logs: records before this instant cannot be served again in this window and may be dropped. */
  forgetBefore(time: Millis): void {
    this.#forgetBefore = time;
  }

  /** Records that were loaded and not served since, oldest first, except those whose key was served with other content. */
  unseen(window: { from: Millis; to: Millis } | null): Position[] {
    const positions: Position[] = [];
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const at = slot * WORDS;
      if (this.#words[at + 6] !== UNSEEN) continue;
      const time = this.#times[slot] ?? Number.NaN;
      if (window !== null && !(time >= window.from && time < window.to)) continue;
      const twins = this.#slots(this.#words[at] ?? 0, this.#words[at + 1] ?? 0);
      if (twins.some((twin) => this.#words[twin * WORDS + 6] === SEEN)) continue;
      positions.push({ seq: this.#words[at + 4] ?? 0, n: this.#words[at + 5] ?? 0 });
    }
    return positions.toSorted((a, b) => a.seq - b.seq || a.n - b.n);
  }

  /** How many keys have a time in the window; a key with several contents counts once. */
  keysIn({ from, to }: Window): number {
    let count = 0;
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const at = slot * WORDS;
      const state = this.#words[at + 6];
      const time = this.#times[slot] ?? Number.NaN;
      if (state === EMPTY || state === FORGOTTEN || !(time >= from && time < to)) continue;
      const [first] = this.#slots(this.#words[at] ?? 0, this.#words[at + 1] ?? 0);
      if (first === slot) count += 1;
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
    const digest = hash(
      'sha256',
      context === '' ? bytes : Buffer.concat([bytes, Buffer.from(context)]),
      'buffer',
    );
    const c0 = digest.readUInt32LE(0);
    const c1 = digest.readUInt32LE(4);
    const slots = this.#slots(k0, k1);
    for (const slot of slots) {
      const word = slot * WORDS;
      if (this.#words[word + 2] === c0 && this.#words[word + 3] === c1) {
        if (state === SEEN) this.#words[word + 6] = SEEN;
        return 'known';
      }
    }
    const [first] = slots;
    if (first !== undefined && this.#latestOnly) {
      this.#set(first, [k0, k1, c0, c1, at.seq, at.n, state], time);
      return 'changed';
    }
    if (this.#used * 10 > this.#capacity * 6) this.#rebuild();
    this.#set(this.#free(k0), [k0, k1, c0, c1, at.seq, at.n, state], time);
    this.#used += 1;
    return first === undefined ? 'new' : 'changed';
  }

  #set(slot: number, words: readonly number[], time: Millis | null): void {
    this.#words.set(words, slot * WORDS);
    this.#times[slot] = time ?? Number.NaN;
  }

  /** The slots of a key, without forgotten ones. */
  #slots(k0: number, k1: number): number[] {
    const found: number[] = [];
    for (let slot = k0 % this.#capacity; ; slot = (slot + 1) % this.#capacity) {
      const word = slot * WORDS;
      const state = this.#words[word + 6];
      if (state === EMPTY) return found;
      if (state !== FORGOTTEN && this.#words[word] === k0 && this.#words[word + 1] === k1) {
        found.push(slot);
      }
    }
  }

  #free(k0: number): number {
    let slot = k0 % this.#capacity;
    while (this.#words[slot * WORDS + 6] !== EMPTY) slot = (slot + 1) % this.#capacity;
    return slot;
  }

  /** Drops what may be forgotten, and grows only if that does not free enough. */
  #rebuild(): void {
    const words = this.#words;
    const times = this.#times;
    const kept: number[] = [];
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const state = words[slot * WORDS + 6];
      const isOld =
        state === SEEN && (this.#seenOnce || (times[slot] ?? Number.NaN) < this.#forgetBefore);
      if (state !== EMPTY && state !== FORGOTTEN && !isOld) kept.push(slot);
    }
    if (kept.length * 10 > this.#capacity * 3) this.#capacity *= 2;
    this.#words = new Uint32Array(this.#capacity * WORDS);
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

/**
 * Hashes a key to 64 bits. Two keys that collide make an event look changed, never known: for that the hashes of their contents
 * would have to collide too.
 */
function keyHash(key: string): [number, number] {
  let a = SEED;
  let b = SEED ^ 0x9e3779b9;
  for (let i = 0; i < key.length; i += 1) {
    const code = key.charCodeAt(i);
    a = Math.imul(a ^ code, 0x85ebca6b);
    b = Math.imul(b ^ code, 0xc2b2ae35);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (b >>> 16), 0x27d4eb2f);
  b = Math.imul(b ^ (a >>> 15), 0x165667b1);
  return [(a ^ (a >>> 16)) >>> 0, (b ^ (b >>> 16)) >>> 0];
}
