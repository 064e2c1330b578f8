import { LAKE_TABLES, type LakeTable } from '../tables.ts';

/**
 * The day of rows without a time, or with one that no date of four digits can say. It is a date, so that readers
 * that take `dt` for one find them too, and one on which nothing can have happened. (1970-01-01 is one that
 * vendors send by mistake.)
 */
export const NO_DAY = '0001-01-01';

/** The row's day as a date; every row has one. */
export function daySql(table: LakeTable): string {
  const at = `"${table.time}"`;
  return `case when ${at} >= timestamptz '${NO_DAY} 00:00:00Z' and ${at} < timestamptz '10000-01-01 00:00:00Z'
    then cast(${at} as date) else date '${NO_DAY}' end`;
}

/**
 * Whether a day is within what the lake keeps. Rows without a time stay.
 *
 * @param keepFrom the first day that is kept, as YYYY-MM-DD; null for all
 */
export function isKept(table: string, dt: string, keepFrom: string | null): boolean {
  const isLasting = LAKE_TABLES.some(({ name, lasting }) => name === table && lasting === true);
  return keepFrom === null || isLasting || dt === NO_DAY || dt >= keepFrom;
}
