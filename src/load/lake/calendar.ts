/** Which days share a file. A span is what one file holds: a UTC day, or a whole month once it is closed. Pure. */
import { DAY, isoDay } from '../../platform/time.ts';
import { LAKE_TABLES, type LakeTable } from '../tables.ts';

/**
 * The day of rows without a time, or with one that no date of four digits can say. It is a date, so that readers
 * that take it for one find them too, and one on which nothing can have happened. (1970-01-01 is one that
 * vendors send by mistake.)
 */
const NO_DAY = '0001-01-01';

/** Its month is never closed: the day stays when others of it leave the lake. */
const AFTER_NO_DAY = '0001-02-01';

/** Two days, as YYYY-MM-DD, that decide what is kept, and how. */
export type Calendar = {
  /** The first day of the first month that is open: months before it have one file. */
  openFrom: string;
  /** The first day that is kept; null for all. */
  keepFrom: string | null;
};

/** Every day has a file of its own. */
export const ALL_OPEN: Calendar = { openFrom: AFTER_NO_DAY, keepFrom: null };
/** Every month has one. */
export const ALL_CLOSED: Calendar = { openFrom: '9999-12-01', keepFrom: null };

/** The row's day as a date; every row has one. */
export function daySql({ time }: LakeTable): string {
  const at = `"${time}"`;
  return `case when ${at} >= timestamptz '${NO_DAY} 00:00:00Z' and ${at} < timestamptz '10000-01-01 00:00:00Z'
    then cast(${at} as date) else date '${NO_DAY}' end`;
}

/**
 * The span of a row, as YYYY-MM-DD or YYYY-MM.
 *
 * @param day SQL of the row's day
 */
export function spanSql(table: LakeTable, calendar: Calendar, day = daySql(table)): string {
  const from = firstWhole(table, calendar);
  return `left(strftime(${day}, '%Y-%m-%d'),
    case when ${day} >= date '${from}' and ${day} < date '${calendar.openFrom}' then 7 else 10 end)`;
}

/** The first day of the first month that is kept whole. One of which days leave has a file per day, so that each can go. */
function firstWhole({ lasting }: LakeTable, { keepFrom }: Calendar): string {
  if (keepFrom === null || lasting === true || keepFrom < AFTER_NO_DAY) return AFTER_NO_DAY;
  return keepFrom.endsWith('-01') ? keepFrom : monthAfter(keepFrom);
}

/** The first day of the month after the one of a day or month. */
function monthAfter(span: string): string {
  const [year, month] = [Number(span.slice(0, 4)), Number(span.slice(5, 7))];
  const [nextYear, next] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(nextYear).padStart(4, '0')}-${String(next).padStart(2, '0')}-01`;
}

/** The month that a span lies in, as YYYY-MM. */
export function monthOf(span: string): string {
  return span.slice(0, 7);
}

export function daysOfMonth(month: string): string[] {
  const next = Date.parse(`${monthAfter(month)}T00:00:00Z`);
  const days: string[] = [];
  for (let at = Date.parse(`${month}-01T00:00:00Z`); at < next; at += DAY) days.push(isoDay(at));
  return days;
}

export function isMonth(span: string): boolean {
  return span.length === 7;
}

/**
 * Whether a span is within what the lake keeps. Rows without a time stay. A month of which a day has to go is not: the others
 * get files of their own.
 */
export function isKept(table: string, span: string, keepFrom: string | null): boolean {
  const isLasting = LAKE_TABLES.some(({ name, lasting }) => name === table && lasting === true);
  return keepFrom === null || isLasting || span === NO_DAY || firstDay(span) >= keepFrom;
}

function firstDay(span: string): string {
  return isMonth(span) ? `${span}-01` : span;
}

/** Of the plain column, by which DuckDB skips what lies outside: the rows from one span to another, in order. */
export function rangeSql({ time }: LakeTable, from: string, to: string): string {
  // Rows without a time lie anywhere.
  if (from === NO_DAY) return 'true';
  const end = isMonth(to)
    ? `timestamptz '${firstDay(to)} 00:00:00Z' + interval 1 month`
    : `timestamptz '${to} 00:00:00Z' + interval 1 day`;
  return `"${time}" >= timestamptz '${firstDay(from)} 00:00:00Z' and "${time}" < ${end}`;
}
