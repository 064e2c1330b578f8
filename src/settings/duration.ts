import type { Form } from './problem.ts';

/** The shape of a duration; how long it may be is judged by `duration`. */
export const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;

const UNIT: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const LONGEST_MS = 3650 * 86_400_000;

/** `500ms`, `30s`, `15m`, `24h`, `7d` in milliseconds. */
export const duration: Form<number> = (text) => {
  const [, digits = '', unit = ''] = DURATION.exec(text) ?? [];
  const ms = Number(digits) * (UNIT[unit] ?? Number.NaN);
  if (ms <= LONGEST_MS) return ms;
  return {
    what: 'is not a duration',
    hint: 'write a whole number and a unit, at most 3650d: 500ms, 30s, 15m, 24h, 7d',
  };
};

/** A duration that lies between two others, both included. `range` names them for the message. */
export function durationWithin(minMs: number, maxMs: number, range: string): Form<number> {
  return (text) => {
    const ms = duration(text);
    if (typeof ms === 'object' || (ms >= minMs && ms <= maxMs)) return ms;
    return { what: 'is out of range', hint: `write a duration ${range}` };
  };
}
