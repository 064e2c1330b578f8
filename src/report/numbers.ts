const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const CENTS = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A number with its digits in groups. */
export function grouped(value: number): string {
  return WHOLE.format(value);
}

/** An amount, of which all below each other have as many digits. */
export function inCents(value: number): string {
  return CENTS.format(value);
}

/** A number for a place that has room for a few characters. */
export function compact(value: number): string {
  return COMPACT.format(value);
}

/** `1 event`, `2 events`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
