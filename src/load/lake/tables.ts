/** A table of the warehouse as it goes into the lake. All but the name is SQL over its rows. */
export type LakeTable = {
  table: string;
  /** The instant whose UTC date is the row's day. */
  dateSql: string;
  sourceColumn: string;
  /** Leaves only rows that are equal in every column in any order. */
  orderBy: string;
  /** The column that takes most of the room: the work is cut by its size. */
  widest: string;
  /** Its rows hold until a later one replaces them, so that no day of it may go for its age. */
  lasting?: boolean;
};

const FIGURE =
  'period_start, period_end, dataset, scope, scope_id, granularity, tool, model, metric, observed_at, seq, value, unit, scope_name';

/** A table more is a line here. One that a warehouse does not have is left out. */
export const LAKE_TABLES: readonly LakeTable[] = [
  {
    table: 'audit_events',
    dateSql: 'occurred_at',
    sourceColumn: 'source',
    orderBy: 'occurred_at, event_uid',
    widest: 'raw',
  },
  {
    table: 'entity_history',
    dateSql: 'valid_from',
    sourceColumn: 'source',
    orderBy:
      'valid_from, entity_type, entity_id, seq, valid_to, name, email, "attributes"::varchar, vendor',
    widest: '"attributes"',
    lasting: true,
  },
  {
    table: 'anomalies',
    dateSql: '"at"',
    sourceColumn: 'source',
    orderBy: '"at", stream, kind, seq, n, what',
    widest: 'what',
  },
  ...['usage_metrics', 'usage_metrics_history'].map((table) => ({
    table,
    dateSql: 'period_start',
    sourceColumn: 'source',
    orderBy: FIGURE,
    widest: 'dataset',
  })),
  {
    table: 'work_sessions',
    dateSql: 'created_at',
    sourceColumn: 'source',
    orderBy: 'created_at, session_id',
    widest: 'raw',
  },
];

/**
 * The day of rows without a time, or with one that no date of four digits can say. It is a date, so that readers
 * that take `dt` for one find them too, and one on which nothing can have happened. (1970-01-01 is one that
 * vendors send by mistake.)
 */
export const NO_DAY = '0001-01-01';

/** The row's day as a date; every row has one. */
export function daySql(table: LakeTable): string {
  const at = table.dateSql;
  return `case when ${at} >= timestamptz '${NO_DAY} 00:00:00Z' and ${at} < timestamptz '10000-01-01 00:00:00Z'
    then cast(${at} as date) else date '${NO_DAY}' end`;
}

/**
 * Whether a day is within what the lake keeps. Rows without a time stay.
 *
 * @param keepFrom the first day that is kept, as YYYY-MM-DD; null for all
 */
export function isKept(table: string, dt: string, keepFrom: string | null): boolean {
  const isLasting = LAKE_TABLES.some((one) => one.table === table && one.lasting === true);
  return keepFrom === null || isLasting || dt === NO_DAY || dt >= keepFrom;
}
