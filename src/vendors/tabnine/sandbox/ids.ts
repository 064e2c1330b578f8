import { hash } from '../../../sandbox/random.ts';

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'evt_';
/** All pairs of base-32 digits: 26 digits in 13 look-ups, which counts when a page has a thousand ids. */
const PAIRS = Array.from(BASE32, (high) => Array.from(BASE32, (low) => high + low)).flat();

/** The id of the generated event at `index`: `evt_` and 26 digits in the manner of a ULID, ten of them the time. */
export function eventId(seed: number, index: number, time: number): string {
  // A bijection of the index is among the digits, so that no two ids are equal.
  const unique = (index ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  return (
    PREFIX +
    sixDigits(Math.floor(time / 2 ** 20)) +
    fourDigits(time % 2 ** 20) +
    fourDigits(unique >>> 16) +
    fourDigits(unique & 0xffff) +
    eightDigits(seed, index)
  );
}

/** Eight digits that look random, for ids without an order. */
export function eightDigits(seed: number, index: number): string {
  const bits = hash(seed, index);
  return fourDigits(bits >>> 12) + fourDigits(bits);
}

/** The time in an id that `eventId` made; NaN for any other string. */
export function timeOfEventId(id: string): number {
  if (!id.startsWith(PREFIX)) return Number.NaN;
  let time = 0;
  for (const digit of id.slice(PREFIX.length, PREFIX.length + 10)) {
    const value = BASE32.indexOf(digit);
    if (value < 0) return Number.NaN;
    time = time * 32 + value;
  }
  return time;
}

/** The UUID (version 4 in form) of the thing at `place` among those of one kind. */
export function uuid(seed: number, kind: string, place: number): string {
  let hex = '';
  for (let part = 0; part < 4; part++) {
    hex += hash(seed + kind.length * 31 + part * 7919, place * 131 + kind.charCodeAt(0))
      .toString(16)
      .padStart(8, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function sixDigits(value: number): string {
  return pair(value >>> 20) + fourDigits(value);
}

function fourDigits(value: number): string {
  return pair(value >>> 10) + pair(value);
}

function pair(value: number): string {
  return PAIRS[value & 1023] ?? '';
}
