import { type Cursor, KINDS, type Millis, type OpenWindow, type StreamKind } from '../model.ts';

/**
 * Where one stream goes on, during a run. The cursor moves in memory first; it counts once a ledger line holds it. A run over an
 * old window keeps the cursor as it is.
 */
export class StreamCursor {
  readonly #hasWindows: boolean;
  readonly #isFixed: boolean;
  #value: Cursor;
  #isCommitted = true;
  #window: OpenWindow | null = null;
  #isRebasing = false;
  /** The first batch of the new base. */
  #newBase: number | null = null;

  /** @param isFixed keeps the cursor as it is */
  constructor(value: Cursor, kind: StreamKind, isFixed: boolean) {
    this.#value = value;
    this.#hasWindows = KINDS[kind].hasWindows;
    this.#isFixed = isFixed;
  }

  get value(): Cursor {
    return this.#value;
  }

  /** The cursor, if no batch has committed it: then it belongs into the line that closes the run. */
  get pending(): Cursor | null {
    return this.#isCommitted ? null : this.#value;
  }

  /** The window being read, with the place reached in it. */
  get window(): OpenWindow | null {
    return this.#window;
  }

  beginWindow(window: OpenWindow): void {
    this.#window = window;
  }

  /** Everything in the window before this place is in the batch. */
  reachPlace(place: Millis): OpenWindow | null {
    const window = this.#window;
    if (window !== null) this.#window = { ...window, place: Math.max(place, window.place) };
    return this.#window;
  }

  /** Series: the next run need not ask for this part of the window again. */
  finishPart(part: string): void {
    if (this.#window !== null) this.#window = { ...this.#window, part };
  }

  finishWindow(watermark: Millis): void {
    this.#window = null;
    this.#move({ ...this.#value, watermark, window: null });
  }

  /** The run ends within the window. */
  interruptWindow(): void {
    if (this.#window !== null) this.#move({ ...this.#value, window: this.#window });
  }

  /** A snapshot was read and nothing has changed. */
  confirm(): void {
    this.#move(this.#value);
  }

  /** Snapshots: the whole state is archived again in this run. */
  get isRebasing(): boolean {
    return this.#isRebasing;
  }

  beginBase(): void {
    this.#isRebasing = true;
  }

  /** The cursor for a batch that is committed with this seq, while more is to come. */
  progressAt(seq: number): Cursor {
    if (this.#hasWindows) return this.#set({ ...this.#value, window: this.#window });
    if (this.#isRebasing) this.#newBase ??= seq;
    return this.#set({ ...this.#value, base: this.#value.base ?? seq });
  }

  /** The same for the last batch of a snapshot. Only now is a new base complete: a crash before leaves the old one in force. */
  snapshotAt(seq: number): Cursor {
    const base = this.#isRebasing ? (this.#newBase ?? seq) : (this.#value.base ?? seq);
    return this.#set({ ...this.#value, base });
  }

  /** The batch with the cursor is in the ledger. */
  committed(): void {
    this.#isCommitted = true;
  }

  #move(cursor: Cursor): void {
    if (this.#isFixed) return;
    this.#value = cursor;
    this.#isCommitted = false;
  }

  #set(cursor: Cursor): Cursor {
    if (!this.#isFixed) this.#value = cursor;
    return this.#value;
  }
}
