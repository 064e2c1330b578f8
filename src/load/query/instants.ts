import type { Zone } from '../../platform/zone.ts';

const MAX_DATE_SECONDS = 8_640_000_000_000n;

/**
 * An instant in ISO 8601, as the clocks of a zone show it: milliseconds always, microseconds where there are some.
 *
 * @param micros since 1970, UTC
 * @param zone   null for UTC
 * @param words  what stands for an instant beyond what ISO 8601 can say
 */
export function instantText(micros: bigint, zone: Zone | null, words: string): string {
  if (isBeyond(micros)) return words;
  if (zone === null) return `${clockText(micros)}Z`;
  const at = Number(micros / 1000n);
  const offset = zone.shows(at) - at;
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  const away = `${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
  return `${clockText(micros + BigInt(offset) * 1000n)}${away}`;
}

/** A timestamp without a zone: it names no instant, so nothing stands for a zone. */
export function clockOf(micros: bigint, words: string): string {
  return isBeyond(micros) ? words : clockText(micros);
}

function isBeyond(micros: bigint): boolean {
  const seconds = micros / 1_000_000n;
  return seconds > MAX_DATE_SECONDS || seconds < -MAX_DATE_SECONDS;
}

function clockText(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, -1);
  return rest === 0n ? text : `${text}${rest.toString().padStart(3, '0')}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
