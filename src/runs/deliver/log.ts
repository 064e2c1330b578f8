/** What a sink reports about one table, as position and as evidence. */
import type { DeliveryEntry } from '../../state/ledger-schema.ts';
import type { TablePosition } from '../../sinks/positions.ts';
import { order, type Position, START, wholeSeq } from '../../sinks/port.ts';
import { printable } from '../../platform/printable.ts';

/** How often a position is made durable: each time costs about as much as an upload. */
const SAVE_EVERY_MS = 1_000;

/** Dead letters of one ledger line, each with as much text: the warehouse reads lines of up to 4 MB. */
const DEAD_LETTERS_PER_LINE = 500;
const LONGEST_TEXT = 300;

type Ports = {
  /** What the home knows of the table; null for nothing. */
  held: Omit<TablePosition, 'transform_version'> | null;
  save(position: Omit<TablePosition, 'transform_version'>): Promise<void>;
  note(line: Pick<DeliveryEntry, 'from_seq' | 'to_seq' | 'rows' | 'set_aside'>): Promise<void>;
  now(): number;
};

/** Never ahead of what was acknowledged; behind by a second at most, and not at all after `finish`. */
export class DeliveryLog {
  reached: Position;
  rows = 0;
  /** Of these, what the sink's options leave out. */
  unwanted = 0;
  refused = 0;
  readonly #ports: Ports;
  readonly #held: Position;
  #unnoted: { from_seq: number; rows: number };
  #deadLetters: DeliveryEntry['set_aside'] = [];
  #savedAt: number;

  constructor(start: Position, ports: Ports) {
    const { held } = ports;
    this.reached = start;
    this.#ports = ports;
    this.#held = held ?? START;
    this.#unnoted = {
      from_seq: Math.min(wholeSeq(start), held?.unnoted?.from_seq ?? Infinity),
      rows: held?.unnoted?.rows ?? 0,
    };
    this.#savedAt = ports.now();
  }

  async acknowledged(position: Position, rows: number, unwanted = 0): Promise<void> {
    if (order(position, this.reached) > 0) this.reached = position;
    this.rows += rows;
    this.unwanted += unwanted;
    this.#unnoted.rows += rows;
    if (this.#ports.now() - this.#savedAt >= SAVE_EVERY_MS) await this.#save();
  }

  /** What was reported cannot be right: the position stays where it was. */
  takeBack(start: Position): void {
    this.reached = start;
  }

  deadLetter(
    { uid, position: { seq, n } }: { uid: string; position: Position },
    reason: string,
  ): void {
    this.refused += 1;
    const [id, why] = [printable(uid, LONGEST_TEXT), printable(reason, LONGEST_TEXT)];
    this.#deadLetters.push({ uid: id, seq, n, reason: why });
  }

  /** Also after a failure: what was delivered stays so. */
  async finish(): Promise<void> {
    // What the position has not passed is sent again, and maybe refused again.
    this.#deadLetters = this.#deadLetters.filter((row) => order(row, this.reached) <= 0);
    await this.#note();
    await this.#save();
  }

  /** A dead letter is in the ledger before the position passes it, or a crash would hide it. */
  async #save(): Promise<void> {
    if (this.#deadLetters.some((row) => order(row, this.reached) <= 0)) await this.#note();
    const { seq, n } = order(this.reached, this.#held) > 0 ? this.reached : this.#held;
    const unnoted = this.#unnoted.rows > 0 ? this.#unnoted : null;
    await this.#ports.save({ seq, n, unnoted });
    this.#savedAt = this.#ports.now();
  }

  async #note(): Promise<void> {
    const passed = this.#deadLetters.filter((row) => order(row, this.reached) <= 0);
    this.#deadLetters = this.#deadLetters.filter((row) => order(row, this.reached) > 0);
    while (this.#unnoted.rows > 0 || passed.length > 0) {
      const { from_seq, rows } = this.#unnoted;
      const set_aside = passed.splice(0, DEAD_LETTERS_PER_LINE);
      await this.#ports.note({ from_seq, to_seq: this.reached.seq, rows, set_aside });
      this.#unnoted = { from_seq: wholeSeq(this.reached), rows: 0 };
    }
  }
}
