const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

const GROWTH = 2;

/** Text that is built as bytes, so that records pass through without becoming strings and garbage. */
export class TextBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What has been written so far. Shares memory with later writes. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  text(text: string): void {
    // A UTF-16 code unit takes at most three bytes.
    this.#makeRoom(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
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

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#bytes.length + bytes) * GROWTH);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
