import { MAX_RECORD_BYTES } from '../limits.ts';
import { withoutMark } from './byte-order-mark.ts';
import { MalformedBody } from './malformed-body.ts';

const NEWLINE = 0x0a;

/**
 * Cuts the records out of NDJSON as they arrive: a line is one record, without its line end. Lines without content are
 * none. What is held is one line at most.
 *
 * @param chunks the body, in whatever pieces
 * @throws MalformedBody if a line is too long, or if the last one is cut: a body of lines has no other end
 */
export async function* ndjsonRecords(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  const lines = new Lines();
  for await (const chunk of chunks) yield* lines.take(chunk);
  yield* lines.end();
}

/** The records of NDJSON that is there as a whole. @throws MalformedBody if the last line is cut */
export function sliceNdjson(body: Buffer): Buffer[] {
  const lines = new Lines();
  return [...lines.take(body), ...lines.end()];
}

/** The lines of a body that comes in pieces. */
class Lines {
  #parts: Buffer[] = [];
  #length = 0;
  #isFirst = true;

  *take(chunk: Buffer): Generator<Buffer> {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      this.#hold(chunk.subarray(from, to));
      const record = this.#line();
      if (record.length > 0) yield record;
      from = to + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The last line, if it has no newline. */
  *end(): Generator<Buffer> {
    const last = this.#line();
    if (last.length === 0) return;
    mustBeWhole(last);
    yield last;
  }

  #line(): Buffer {
    const [only = Buffer.alloc(0), ...others] = this.#parts;
    const whole = others.length === 0 ? only : Buffer.concat(this.#parts);
    const line = trimmed(whole, this.#isFirst);
    [this.#parts, this.#length, this.#isFirst] = [[], 0, false];
    return line;
  }

  #hold(part: Buffer): void {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length > MAX_RECORD_BYTES) {
      throw new MalformedBody(`a line is longer than ${MAX_RECORD_BYTES} bytes`);
    }
  }
}

/** Without the white space around it, a carriage return among it. */
function trimmed(whole: Buffer, isFirst: boolean): Buffer {
  const line = isFirst ? withoutMark(whole) : whole;
  let from = 0;
  let to = line.length;
  while (from < to && isSpace(line[from])) from += 1;
  while (to > from && isSpace(line[to - 1])) to -= 1;
  return line.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09;
}

/** A last line without its newline may be whole, or all that came of it. */
function mustBeWhole(line: Buffer): void {
  try {
    JSON.parse(line.toString('utf8'));
  } catch (error) {
    throw new MalformedBody('the body ends in the middle of a line', { cause: error });
  }
}
