import type { OnAnswer } from '../../extract/client.ts';
import type { StreamInfo } from '../../extract/port.ts';
import { type Met, metIn, type Unknown } from '../../extract/unknown.ts';
import { grouped } from '../../platform/grouped.ts';

type Watched = { stream: string; unknown: Unknown; met: Met | null };

/** Streams that a line names before it counts the others. */
const NAMED = 3;

/** Which of the possibilities that readers cope with an account's answers show. Streams are asked one after the other. */
export class MetUnknowns {
  readonly #watched: Watched[] = [];
  #asked: readonly Watched[] = [];

  /** From now on answers are those to a stream. */
  watch({ name, unknowns }: StreamInfo): void {
    this.#asked = unknowns.map((unknown) => ({ stream: name, unknown, met: null }));
    this.#watched.push(...this.#asked);
  }

  /** The first answer that has it decides; one that lacks it may be followed by one that does not. */
  readonly add: OnAnswer = (body, from) => {
    for (const watched of this.#asked) {
      const { unknown, met } = watched;
      if ((unknown.shownBy ?? 'answer') !== from || (met?.place ?? null) !== null) continue;
      watched.met = metIn(unknown, body) ?? met;
    }
  };

  /** What was met first. What is said of several streams alike is said once. */
  lines(): string[] {
    const inOrder = this.#watched.toSorted(
      (one, other) => Number(one.met === null) - Number(other.met === null),
    );
    const groups = grouped(
      inOrder,
      ({ unknown, met }) => `${unknown.what}: ${possibility(unknown, met)}`,
    );
    return [...groups].map(([what, streams]) => `${namesOf(streams)}: ${what}`);
  }
}

function namesOf(streams: readonly Watched[]): string {
  const names = streams.slice(0, NAMED).map(({ stream }) => stream);
  const others = streams.length - names.length;
  return `${names.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
}

function possibility({ places }: Unknown, met: Met | null): string {
  if (met === null) return 'not seen, there was nothing to see it in';
  if (met.place === '') return met.form;
  if (met.place !== null) return `${met.place}, ${met.form}`;
  return `under none of the names that are looked for (${places.join(', ')})`;
}
