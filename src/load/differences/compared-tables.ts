export type ComparedTable = {
  table: string;
  /** SQL over its columns: where a row belongs. `null` where the table does not say. */
  source: string;
  stream: string;
  /** The instant whose UTC day the row is counted under. */
  day: string;
  /** The columns that name a row, in the order in which the first rows are named. */
  key: readonly string[];
};

/** Every table of the schema. Those whose key has `seq` are compared in portions of it. */
export const COMPARED_TABLES: readonly ComparedTable[] = [
  of('events', ['seq', 'n', 'event_uid'], { source: 'source', day: 'occurred_at' }),
  of('absent_events', ['seq', 'n', 'event_uid'], {}),
  of('entity_versions', ['seq', 'n', 'entity_type', 'entity_id'], {
    source: 'source',
    stream: 'stream',
    day: 'seen_at',
  }),
  of('figures', ['seq', 'n', 'record_key', 'metric', 'tool', 'model'], {
    source: 'source',
    stream: 'stream',
    day: 'period_start',
  }),
  of('sessions', ['seq', 'n', 'session_id'], { source: 'source', day: 'created_at' }),
  of('anomalies', ['seq', 'n', 'kind'], { source: 'source', stream: 'stream', day: '"at"' }),
  of('ledger', ['seq', 'kind'], { source: 'source', stream: 'stream', day: '"at"' }),
  of('runs', ['seq', 'run_id'], { day: 'started_at' }),
  of('actions', ['vendor', 'action'], {}),
  of('meta', ['seq', 'transform_version'], {}),
  of('names_over_time', ['entity_type', 'entity_id', 'holds_from'], {
    source: 'source',
    day: 'valid_from',
  }),
  of('memberships_over_time', ['user_id', 'team_id', 'holds_from'], {
    source: 'source',
    day: 'holds_from',
  }),
];

function of(
  table: string,
  key: readonly string[],
  { source = 'null', stream = 'null', day = 'null::timestamptz' },
): ComparedTable {
  return { table, source, stream, day, key };
}
