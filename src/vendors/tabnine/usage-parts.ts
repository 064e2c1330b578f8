import { keyMark } from '../../extract/pseudonym.ts';
import type { Millis, SourceRecord } from '../../model.ts';
import type { Bucket } from './usage-answer.ts';
import { DAY, isoDay } from '../../platform/time.ts';

export type Granularity = 'daily' | 'all';

/** Who is asked about; `name` stands for the id wherever it is stored. */
export type Member = { id: string; name: string };

/** One question to all members; `name` is the part of the window that its answer completes. */
export type Part = { name: string; member: Member; from: Millis; to: Millis };

/** In the order of their names, so that a name says how far a reading has come. Pure. */
export function partsOf(
  members: readonly Member[],
  range: { from: Millis; to: Millis },
  granularity: Granularity,
): Part[] {
  const parts = members.flatMap((member): Part[] => {
    if (granularity === 'daily') return [{ name: member.name, member, ...range }];
    const days = Array.from(
      { length: Math.ceil((range.to - range.from) / DAY) },
      (_, i) => range.from + i * DAY,
    );
    return days.map((day) => ({
      name: `${member.name}/${isoDay(day)}`,
      member,
      from: day,
      to: day + DAY,
    }));
  });
  return parts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The parts after the last one that was read. If users go by other names since, as with another pseudonym key, that place
 * says nothing about them: they are read from the start. Pure.
 */
export function remaining(parts: readonly Part[], place: string | null): Part[] {
  const isOfThese = place !== null && parts.some(({ name }) => keyMark(name) === keyMark(place));
  return parts.filter(({ name }) => !isOfThese || name > place);
}

/** Records with their keys: the part, and when the period begins. Pure. */
export function keyed(
  buckets: readonly Bucket[],
  part: string,
  granularity: Granularity,
  asked: { from: Millis },
): SourceRecord[] {
  const seen = new Map<string, number>();
  return buckets.map(({ bytes, time }) => {
    // Without a date it is told by the question: its place in another answer would be that of another period.
    const begins =
      time === null
        ? `undated-${new Date(asked.from).toISOString()}`
        : new Date(time).toISOString();
    const period = granularity === 'all' ? 'all' : begins;
    const twins = seen.get(period) ?? 0;
    seen.set(period, twins + 1);
    // Two periods with one beginning are not foreseen; under one key each would look like a change of the other.
    return { bytes, key: `${part}/${period}${twins === 0 ? '' : `#${twins}`}`, time };
  });
}
