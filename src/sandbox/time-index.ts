/** Times in ascending order, each with a reference to what happened then, in two compact arrays. */
export class TimeIndex {
  #times: Float64Array;
  #references: Int32Array;
  #count: number;

  /** Takes over ascending times; the first references are 0, 1, 2 … */
  constructor(times: Float64Array) {
    this.#times = times;
    this.#references = Int32Array.from(times, (_, place) => place);
    this.#count = times.length;
  }

  get count(): number {
    return this.#count;
  }

  get times(): Float64Array {
    return this.#times.subarray(0, this.#count);
  }

  timeAt(slot: number): number {
    const time = slot < this.#count ? this.#times[slot] : undefined;
    if (time === undefined) throw new RangeError(`no slot ${slot} among ${this.#count}`);
    return time;
  }

  referenceAt(slot: number): number {
    const reference = slot < this.#count ? this.#references[slot] : undefined;
    if (reference === undefined) throw new RangeError(`no slot ${slot} among ${this.#count}`);
    return reference;
  }

  setReference(slot: number, reference: number): void {
    this.#references[slot] = reference;
  }

  /** The first slot whose time is not before the given one. */
  firstFrom(time: number): number {
    return this.#firstWhere((other) => other >= time);
  }

  /** Adds a reference after all of the same time, or at a slot that fits the time. */
  insert(time: number, reference: number, slot = this.#firstWhere((other) => other > time)): void {
    if (this.#count === this.#times.length) this.#grow();
    this.#times.copyWithin(slot + 1, slot, this.#count);
    this.#references.copyWithin(slot + 1, slot, this.#count);
    this.#times[slot] = time;
    this.#references[slot] = reference;
    this.#count += 1;
  }

  /** Removes the slots in `[from, to)`. */
  remove(from: number, to: number): void {
    this.#times.copyWithin(from, to, this.#count);
    this.#references.copyWithin(from, to, this.#count);
    this.#count -= to - from;
  }

  #firstWhere(reached: (time: number) => boolean): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reached(this.timeAt(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #grow(): void {
    const capacity = Math.max(1024, this.#count * 2);
    const times = new Float64Array(capacity);
    const references = new Int32Array(capacity);
    times.set(this.#times);
    references.set(this.#references);
    this.#times = times;
    this.#references = references;
  }
}
