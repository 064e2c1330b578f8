const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

const INITIAL_BYTES = 64 * 1024;
const GROWTH = 2;

/** Larger ones come from huge records, which are rare. */
const MOST_SPARE_BYTES = 8 * 1024 * 1024;

/**
 * The largest memory that a text has let go of, for the next: new memory for each text made V8 collect all of its garbage again and
 * again, which cost more than writing the texts.
 */
let spare: Buffer | null = null;

/** Text that is built as bytes, so that records pass through without becoming strings and garbage. */
export class TextBuffer {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been written so far, from an index on. Shares memory with later writes. */
  bytes(from = 0): Buffer {
    return this.#bytes.subarray(from, this.#length);
  }

  text(text: string): void {
    // A UTF-16 code unit takes at most three bytes.
    this.#makeRoom(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** A character of ASCII. */
  byte(byte: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#length++] = byte;
  }

  /** Writes UTF-8 bytes as a JSON string, quotes included. */
  jsonString(utf8: Buffer): void {
    this.#makeRoom(utf8.length * 6 + 2);
    const to = this.#bytes;
    let at = this.#length;
    to[at++] = QUOTE;
    for (let i = 0; i < utf8.length; i += 1) {
      const byte = utf8[i] as number;
      if (byte < FIRST_PRINTABLE) {
        at += to.write(`\\u00${byte.toString(16).padStart(2, '0')}`, at, 'latin1');
        continue;
      }
      if (byte === QUOTE || byte === BACKSLASH) to[at++] = BACKSLASH;
      to[at++] = byte;
    }
    to[at++] = QUOTE;
    this.#length = at;
  }

  /** Lets go of the memory: what `bytes` has returned is no longer there. */
  free(): void {
    const bytes = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    if (bytes.length > (spare?.length ?? 0) && bytes.length <= MOST_SPARE_BYTES) spare = bytes;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#bytes.length) this.#bytes = this.#larger(needed);
  }

  #larger(needed: number): Buffer {
    const former = this.#bytes;
    let larger = spare;
    if (larger !== null && larger.length >= needed) spare = null;
    else larger = Buffer.allocUnsafeSlow(Math.max(INITIAL_BYTES, needed * GROWTH));
    former.copy(larger, 0, 0, this.#length);
    return larger;
  }
}
