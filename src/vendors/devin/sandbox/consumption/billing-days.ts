export const DAY = 86_400;
/** Midnight of Pacific standard time, all year: in July the billing day is not the Pacific one. */
const DAY_BEGINS = 8 * 3_600;

/** The number of the billing day that a second falls on. */
export function billingDayOf(time: number): number {
  return Math.floor((time - DAY_BEGINS) / DAY);
}

/** The second in which a billing day begins: its `date`. */
export function beginOf(billingDay: number): number {
  return billingDay * DAY + DAY_BEGINS;
}

/** The billing day with the label `YYYY-MM-DD`. */
export function billingDayNamed(label: string): number {
  const time = Date.parse(`${label}T00:00:00Z`);
  if (Number.isNaN(time)) throw new TypeError(`${label} is not a day`);
  return time / 1000 / DAY;
}

/** A billing cycle; the names are the vendor's, and `after` is where it begins. */
export type Cycle = { after: number; before: number };

/** The calendar months that a history touches as cycles, newest first. */
export function cyclesIn(start: number, end: number): Cycle[] {
  const cycles: Cycle[] = [];
  const first = new Date(start * 1000);
  for (let month = -1; ; month++) {
    const year = first.getUTCFullYear();
    const after = monthBegins(year, first.getUTCMonth() + month);
    const before = monthBegins(year, first.getUTCMonth() + month + 1);
    if (after > end) return cycles.toReversed();
    if (before > start) cycles.push({ after, before });
  }
}

function monthBegins(year: number, month: number): number {
  return Date.UTC(year, month) / 1000 + DAY_BEGINS;
}
