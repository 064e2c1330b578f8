/**
 * What was pruned and could be served again: the next run would bring it back, and nobody would notice. The line of the prune
 * remembers digests of it.
 */
import { hash } from 'node:crypto';
import { KINDS, type Millis, type StreamKind } from '../model.ts';
import { keyAsKept } from '../platform/key.ts';
import { isoOrNull } from '../platform/time.ts';
import type { Archive } from './archive.ts';
import { streamKey } from './carried.ts';
import type { BatchLine, KeptOut } from './ledger-schema.ts';
import { bytesOf, readBatch, type StoredLine } from './read-batch.ts';

/** Of a stream, in one line: those of the newest records. A line is read as a whole. */
const MOST = 100_000;

/** 64 bits: shorter than what it stands for, and too long for chance. */
const DIGITS = 16;

type Of = { home: string; stream: string; kind: StreamKind };

/**
 * An event is kept out whatever it says by now. Of anything else only what was pruned is: a later state of a session or
 * another value of a figure is news. The home is in it, so that digests of two homes cannot be compared.
 */
function digestOf({ home, stream, kind }: Of, key: string, bytes: Buffer): string {
  const parts = KINDS[kind].hasEvents ? [key] : [key, hash('sha256', bytes)];
  return hash('sha256', JSON.stringify([home, stream, ...parts])).slice(0, DIGITS);
}

type Remembered = { digest: string; time: Millis | null };

/**
 * The digests of what some batches hold, as far as it may be served again. A list of things as they are has none: who is
 * listed once more is there once more.
 *
 * @param since of a stream: what is older, the vendor serves no longer
 * @returns also how many records were too many to be remembered
 */
export async function digestsOf(
  { layout, ledger }: Archive,
  batches: readonly BatchLine[],
  since: (stream: string) => Millis,
): Promise<{ keptOut: KeptOut; forgotten: number }> {
  const found = new Map<string, Remembered[]>();
  for (const batch of batches) {
    const { stream_kind: kind } = batch;
    if (!KINDS[kind].hasWindows) continue;
    const stream = streamKey(batch.source, batch.stream);
    const of = { home: ledger.state.home, stream, kind };
    const remembered = found.get(stream) ?? [];
    for (const line of await readBatch(layout, batch)) {
      if (line.kind !== 'record') continue;
      const time = timeOf(line);
      if (time !== null && time < since(stream)) continue;
      remembered.push({ digest: digestOf(of, keyAsKept(line.key), bytesOf(line)), time });
    }
    found.set(stream, remembered);
  }
  let forgotten = 0;
  const keptOut: KeptOut = {};
  for (const [stream, all] of found) {
    if (all.length === 0) continue;
    const newest = all.toSorted((a, b) => (b.time ?? Infinity) - (a.time ?? Infinity));
    const kept = newest.slice(0, MOST);
    forgotten += newest.length - kept.length;
    const to = kept[0]?.time ?? null;
    keptOut[stream] = {
      to: isoOrNull(to),
      keys: [...new Set(kept.map(({ digest }) => digest))].toSorted(),
    };
  }
  return { keptOut, forgotten };
}

/** Null for a record that may be served at any time. */
function timeOf({ time, stray }: Extract<StoredLine, { kind: 'record' }>): Millis | null {
  return time === null || stray === true ? null : Date.parse(time);
}

/** What is kept out of one stream. Prunes of long ago are not looked up while nothing of their time is read. */
export class Gate {
  readonly #archive: Archive;
  readonly #of: Of;
  #digests: Set<string> | null = null;

  constructor(archive: Archive, head: Pick<BatchLine, 'source' | 'stream' | 'stream_kind'>) {
    this.#archive = archive;
    const stream = streamKey(head.source, head.stream);
    this.#of = { home: archive.ledger.state.home, stream, kind: head.stream_kind };
  }

  /** Looks up what was pruned, if some of it happened at or after an instant. */
  async openFor(from: Millis): Promise<void> {
    const { ledger } = this.#archive;
    const { stream } = this.#of;
    const { kept_out: keptOut = {} } = ledger.state.pruned;
    const known = Object.hasOwn(keptOut, stream) ? keptOut[stream] : undefined;
    if (known === undefined || this.#digests !== null) return;
    if (known.to !== null && Date.parse(known.to) < from) return;
    this.#digests = new Set();
    for await (const line of this.#archive.linesAfter(known.at - 1)) {
      if (line.kind !== 'prune') continue;
      for (const digest of line.kept_out?.[stream]?.keys ?? []) this.#digests.add(digest);
    }
  }

  keepsOut(key: string, bytes: Buffer): boolean {
    if (this.#digests === null || this.#digests.size === 0) return false;
    return this.#digests.has(digestOf(this.#of, key, bytes));
  }
}
