/**
 * The one rule for when something happened, by what a vendor says of it: as a function for the archive, and as SQL for the
 * tables. Both are made from the same constants, and a test holds that they agree.
 *
 * - A text is ISO 8601: a day, or a day and a time of day down to the minute or finer; in UTC where it names no zone, never in
 *   the machine's own. A day or an hour that does not exist is no instant.
 * - A number, or a text that is one, is Unix time, in whichever of the four usual units puts it between 2000 and 2100.
 * - Anything before 2000 or from 2100 on is no instant: there were no such tools, and there will be others.
 *
 * A record whose time is no instant is kept, without a time, and stands in `anomalies`. So does one whose time is an instant but
 * not credible: its time is kept too, and steers nothing.
 */
import type { Millis } from '../model.ts';
import { DAY } from './time.ts';

const FIRST_SECOND = Date.UTC(2000, 0) / 1000;
const END_SECOND = Date.UTC(2100, 0) / 1000;

/** Units of Unix time per second, and what makes microseconds of them: factor and divisor, for a double to stay exact. */
const UNITS = [
  { perSecond: 1, times: 1e6, by: 1 },
  { perSecond: 1e3, times: 1e3, by: 1 },
  { perSecond: 1e6, times: 1, by: 1 },
  { perSecond: 1e9, times: 1, by: 1e3 },
].map((unit) => ({
  ...unit,
  first: FIRST_SECOND * unit.perSecond,
  end: END_SECOND * unit.perSecond,
}));

// Read by JavaScript and by RE2 alike: no named groups, no class whose meaning differs between the two.
const SPACE = String.raw`[ \t\r\n]*`;
const NUMBER = String.raw`${SPACE}[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?${SPACE}`;
const DATE = '(20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))';
const TIME = '((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]+))?)?';
const ZONE = '(?: ?(?:[Zz]|UTC|([+-](?:0[0-9]|1[0-8]))(?::?([0-5][0-9]))?))?';
const ISO = `${SPACE}${DATE}(?:[Tt ]${TIME}${ZONE})?${SPACE}`;

const WHOLE_NUMBER = new RegExp(`^${NUMBER}$`);
const WHOLE_ISO = new RegExp(`^${ISO}$`);

/** What nearly all vendors write, on a day that every month has: three times as fast, and each record of each run passes here. */
const USUAL =
  /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/** What a value says about when something happened; null if that is no instant. */
export function instantOf(stated: unknown): Millis | null {
  if (typeof stated === 'number') return unixInstant(stated);
  if (typeof stated !== 'string') return null;
  if (USUAL.test(stated)) return Date.parse(stated);
  const found = WHOLE_ISO.exec(stated);
  if (found !== null) return isoInstant(found);
  return WHOLE_NUMBER.test(stated) ? unixInstant(Number(stated)) : null;
}

function unixInstant(number: number): Millis | null {
  const unit = UNITS.find(({ first, end }) => number >= first && number < end);
  return unit === undefined ? null : Math.floor(Math.round((number * unit.times) / unit.by) / 1000);
}

function isoInstant([, day = '', time = '00:00', ...rest]: RegExpExecArray): Millis | null {
  const [second = '00', fraction = '', hours = '+00', minutes = '00'] = rest;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // 30 February would be taken for 1 or 2 March.
  if (new Date(midnight).getUTCDate() !== Number(day.slice(-2))) return null;
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const zone = (Math.abs(Number(hours)) * 60 + Number(minutes)) * (hours.startsWith('-') ? -1 : 1);
  return midnight + ((hour * 60 + minute - zone) * 60 + Number(second)) * 1000 + millis;
}

/** No agent of this kind is older; what happens in the future cannot have been recorded, but clocks differ. */
const OLDEST: Millis = 3652 * DAY;
const AHEAD: Millis = DAY;

/** Whether something that was read at `readAt` can have happened then. What cannot steers nothing. */
export function isCredible(at: Millis, readAt: Millis): boolean {
  return at >= readAt - OLDEST && at <= readAt + AHEAD;
}

const UNIX_SQL = UNITS.map(
  ({ first, end, times, by }) =>
    `when number >= ${first} and number < ${end} then make_timestamptz(round(number * ${times} / ${by})::bigint)`,
).join('\n    ');

/**
 * `internal.instant_of(text)` is `instantOf`, to the microsecond; `internal.is_credible(at, read_at)` is `isCredible`. The form
 * that nearly all vendors use comes first: the others cost several times as much.
 */
export const INSTANT_SQL = `
create macro internal.unix_instant(number) as
  case
    ${UNIX_SQL}
  end;
create macro internal.iso_instant(found) as
  try_cast(concat(
    found.day, ' ', if(found.time = '', '00:00', found.time), ':', if(found.second = '', '00', found.second),
    '.', if(found.fraction = '', '0', found.fraction[1:6]),
    if(found.hours = '', '+00', found.hours), ':', if(found.minutes = '', '00', found.minutes)
  ) as timestamptz);
create macro internal.instant_of(stated) as
  case
    when regexp_full_match(stated, '20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\\.[0-9]+)?(Z|[+-](0[0-9]|1[0-8]):[0-5][0-9])')
      and stated[12:13] < '24' then try_cast(stated as timestamptz)
    when regexp_full_match(stated, '${NUMBER}') then internal.unix_instant(try_cast(trim(stated, e' \\t\\r\\n') as double))
    when regexp_full_match(stated, '${ISO}') then list_transform(
      [regexp_extract(stated, '^${ISO}$', ['day', 'time', 'second', 'fraction', 'hours', 'minutes'])],
      lambda found: internal.iso_instant(found)
    )[1]
  end;
create macro internal.is_credible("at", read_at) as
  "at" >= read_at - to_milliseconds(${OLDEST}) and "at" <= read_at + to_milliseconds(${AHEAD});
`;
