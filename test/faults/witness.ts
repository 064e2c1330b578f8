/** What the vendor had, and since when: from that alone follows what must be archived. */
import type { Cursor, OpenWindow } from '../../src/model.ts';
import type { Step } from './read-back.ts';
import type { Entry } from './vendor-log.ts';

const nameOf = (key: string, text: string): string => `${key}\n${text}`;

export class Witness {
  /** How many syncs have begun. */
  syncs = 0;
  /** In which sync each content that is there now came. */
  #since = new Map<string, number>();
  #entries: Entry[] = [];
  readonly #ever = new Set<string>();
  /** The sync that opened the window which is open, or that finished last. */
  #opened = 0;
  #finished = 0;
  #cursor: Cursor = { watermark: null, window: null, base: null };

  /** Takes in what the vendor has now. */
  look(entries: Entry[]): void {
    const since = new Map<string, number>();
    for (const { key, text } of entries) {
      const name = nameOf(key, text);
      since.set(name, this.#since.get(name) ?? this.syncs);
      this.#ever.add(name);
    }
    this.#since = since;
    this.#entries = entries;
  }

  /** Takes in where the archive says that the next run goes on. */
  follow(cursor: Cursor): void {
    const before = this.#cursor;
    if (cursor.watermark !== before.watermark) {
      const wasOpen = cursor.watermark === before.window?.to;
      this.#finished = wasOpen ? this.#opened : this.syncs;
    }
    if (cursor.window !== null && !isSame(cursor.window, before.window)) this.#opened = this.syncs;
    this.#cursor = cursor;
  }

  /** What is wrong with what the archive has, in words. */
  complaints(steps: readonly Step[]): string[] {
    const complaints: string[] = [];
    const present = presentIn(steps, (key) => complaints.push(`${key} is archived twice`));
    for (const { key, text } of steps) {
      if (text !== null && !this.#ever.has(nameOf(key, text))) {
        complaints.push(`${key} was never served like this: ${text}`);
      }
    }
    for (const { key, time, text } of this.#entries) {
      if (!this.#mustBeThere(time, this.#since.get(nameOf(key, text)) ?? 0)) continue;
      if (present.get(key)?.has(text) !== true) complaints.push(`${key} is missing: ${text}`);
    }
    return complaints;
  }

  /** The same after a sync that had nothing to disturb it: all that is there, and of what is gone that it is gone. */
  finalComplaints(steps: readonly Step[], window: { from: number; to: number }): string[] {
    const complaints = this.complaints(steps);
    const present = presentIn(steps, () => undefined);
    for (const { key, text } of this.#entries) {
      if (present.get(key)?.has(text) !== true) complaints.push(`${key} is missing in the end`);
    }
    const there = new Set(this.#entries.map(({ key }) => key));
    for (const [key, texts] of present) {
      const times = [...texts].map(timeIn);
      if (there.has(key) || !times.some((at) => at >= window.from && at < window.to)) continue;
      complaints.push(`${key} is gone, and nothing says so`);
    }
    return complaints;
  }

  /** What was there before the window was opened, in the part of it that counts as read. */
  #mustBeThere(time: number, since: number): boolean {
    const { watermark, window } = this.#cursor;
    const isFinished = watermark !== null && time < watermark && since < this.#finished;
    const isPassed = window !== null && time >= window.from && time < window.place;
    return isFinished || (isPassed && since < this.#opened);
  }
}

function presentIn(
  steps: readonly Step[],
  onTwice: (key: string) => void,
): Map<string, Set<string>> {
  const present = new Map<string, Set<string>>();
  for (const { key, text } of steps) {
    if (text === null) {
      present.delete(key);
      continue;
    }
    const texts = present.get(key) ?? new Set();
    if (texts.has(text)) onTwice(key);
    present.set(key, texts.add(text));
  }
  return present;
}

function isSame(one: OpenWindow, other: OpenWindow | null): boolean {
  return one.from === other?.from && one.to === other.to;
}

function timeIn(text: string): number {
  const { timestamp, created_at } = JSON.parse(text) as { timestamp?: string; created_at?: number };
  return timestamp === undefined ? (created_at ?? 0) * 1000 : Date.parse(timestamp);
}
