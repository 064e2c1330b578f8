import type { Millis } from '../model.ts';

/** The clocks of a time zone. What they show is written as if it were UTC, in epoch ms. */
export type Zone = { shows(at: Millis): Millis };

/** @param name an IANA name; RangeError if there is no such zone */
export function openZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  return {
    shows(at) {
      const parts = format.formatToParts(at);
      return at + offsetOf(parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT');
    },
  };
}

/** `GMT`, `GMT-03:30`; before about 1900 with seconds. */
function offsetOf(text: string): Millis {
  const [, sign, hours, minutes, seconds = '0'] =
    /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 + Number(seconds) * 1000;
  return sign === '-' ? -size : size;
}
