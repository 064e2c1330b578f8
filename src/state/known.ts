import { hash } from 'node:crypto';
import { randomInt } from 'node:crypto';
import { KINDS, type Millis, type StreamKind, type Window } from '../model.ts';

export type Verdict = 'new' | 'changed' | 'known';

/** Where a record stands in the archive. */
export type Position = { seq: number; n: number };

const EMPTY = 0;
const UNSEEN = 1;
const SEEN = 2;
const DEAD = 3;

/** 32-bit words per entry: two of the key, two of the content, seq, n, state. */
const WORDS = 7;

const SEED = randomInt(2 ** 32);

/**
 * Which records of the lookback are archived, by key and content. A table of plain numbers, because a
 * Map of a million ids would take ten times the memory.
 *
 * A `log` remembers every content a key ever had: a vendor that serves one id with two contents
 * must not look changed in every run. A `snapshot` or `series` compares with the latest only: what changes back has changed.
 */
export class Known {
  readonly #latestOnly: boolean;
  /** A part of a series is asked once in a window: what was seen is not served again in it. */
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

  /** Judges a served record, marks it as seen and remembers it. */
  see(key: string, bytes: Buffer, context: string, time: Millis | null): Verdict {
    return this.#put(key, bytes, context, time, SEEN, { seq: 0, n: 0 });
  }

  /** Takes in a record from the archive, which has not been served in this run yet. */
  load(key: string, bytes: Buffer, context: string, time: Millis | null, at: Position): void {
    this.#put(key, bytes, context, time, UNSEEN, at);
  }

  /** Forgets a key that the archive says was no longer served: served again, it is news. */
  forget(key: string): void {
    const [k0, k1] = keyHash(key);
    for (const slot of this.#slots(k0, k1)) this.#words[slot * WORDS + 6] = DEAD;
  }

  /** Logs: what lies before this instant cannot be served again in this window and may be dropped. */
  forgetBefore(time: Millis): void {
    this.#forgetBefore = time;
  }

  /** Records that were loaded and not served since, oldest first, unless their key was served with other content. */
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

  /** How many keys there are with a time in the window, each counted once whatever contents it had. */
  keysIn({ from, to }: Window): number {
    let count = 0;
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const at = slot * WORDS;
      const state = this.#words[at + 6];
      const time = this.#times[slot] ?? Number.NaN;
      if (state === EMPTY || state === DEAD || !(time >= from && time < to)) continue;
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

  /** The live slots of a key. */
  #slots(k0: number, k1: number): number[] {
    const found: number[] = [];
    for (let slot = k0 % this.#capacity; ; slot = (slot + 1) % this.#capacity) {
      const word = slot * WORDS;
      const state = this.#words[word + 6];
      if (state === EMPTY) return found;
      if (state !== DEAD && this.#words[word] === k0 && this.#words[word + 1] === k1) {
        found.push(slot);
      }
    }
  }

  #free(k0: number): number {
    let slot = k0 % this.#capacity;
    while (this.#words[slot * WORDS + 6] !== EMPTY) slot = (slot + 1) % this.#capacity;
    return slot;
  }

  /** Drops what may be forgotten, and grows only if that was not enough. */
  #rebuild(): void {
    const words = this.#words;
    const times = this.#times;
    const kept: number[] = [];
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      const state = words[slot * WORDS + 6];
      const isOld =
        state === SEEN && (this.#seenOnce || (times[slot] ?? Number.NaN) < this.#forgetBefore);
      if (state !== EMPTY && state !== DEAD && !isOld) kept.push(slot);
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
 * 64 bits of a key. Two keys that meet here make an event look changed, never known: for that the content's hash
 * would have to meet too.
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
