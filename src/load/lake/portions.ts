import type { Day } from './days.ts';

/** Days of one table and source that are read from the warehouse together. */
export type Portion = { days: Day[] };

// Names are resolved once per portion, which takes 80 ms however few rows it has. Larger portions save little time and
// take memory.
const ROWS = 20_000;
const BYTES = 16 * 2 ** 20;

/** Divides days, which come in order, into portions that fit into memory. A large day is a portion by itself. */
export function portionsOf(days: readonly Day[]): Portion[] {
  const portions: Portion[] = [];
  let rows = 0;
  let bytes = 0;
  for (const day of days) {
    const open = portions.at(-1);
    const first = open?.days[0];
    const fits =
      first?.table === day.table &&
      first.source === day.source &&
      rows + day.rows <= ROWS &&
      bytes + day.size <= BYTES;
    if (open && fits) {
      open.days.push(day);
    } else {
      portions.push({ days: [day] });
      rows = 0;
      bytes = 0;
    }
    rows += day.rows;
    bytes += day.size;
  }
  return portions;
}

/** Whether it may take all the memory there is. */
export function isLarge({ days }: Portion): boolean {
  return days.some((day) => day.rows > ROWS || day.size > BYTES);
}
