import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../errors.ts';
import { inTransaction, noPattern } from '../database.ts';

/** Of a line. DuckDB sets twice as much memory aside, so that most ledgers are read with the first. */
const LINE_BYTES = [4 * 1024 * 1024, 64 * 1024 * 1024] as const;

// Loads only the lines since the last generation. During a run, or after a crash, the last line may be incomplete: it is
// skipped. The hash chain, not this statement, says whether the complete ones are unaltered.
const LINES = `
create or replace temp table ledger_lines as
select (json ->> 'seq')::bigint as seq, json
from read_ndjson_objects(
  $file, format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = $longest, ignore_errors = true
)
where (json ->> 'seq')::bigint <= $seq
  and (json ->> 'seq')::bigint > (
    select greatest(
      coalesce((select max(seq) from ledger), -1), coalesce((select max(seq) from runs), -1)
    )
  )`;

const INSERT_LEDGER = `
insert into ledger by name
with parsed as (
  select seq, from_json(json, '{
    "at": "VARCHAR", "kind": "VARCHAR", "run_id": "VARCHAR", "source": "VARCHAR", "vendor": "VARCHAR",
    "stream": "VARCHAR", "stream_kind": "VARCHAR", "file": "VARCHAR", "file_sha256": "VARCHAR", "file_bytes": "BIGINT", "pages": "BIGINT",
    "records": "BIGINT", "new_records": "BIGINT", "changed_records": "BIGINT", "absent_records": "BIGINT",
    "min_time": "VARCHAR", "max_time": "VARCHAR", "cursor": "JSON", "seqs": "JSON", "reason": "VARCHAR"
  }') as r
  from ledger_lines
),
opened as (select seq, unnest(r) from parsed)
select * replace (
  try_cast("at" as timestamptz) as "at",
  try_cast(min_time as timestamptz) as min_time,
  try_cast(max_time as timestamptz) as max_time
)
from opened`;

// A run's line is long, and each `->>` would parse all of it again. Lines of version 0.1 call a reconcile `check`.
const INSERT_RUNS = `
insert into runs by name
select
  r.run_id, try_cast(r.started_at as timestamptz) as started_at, try_cast(r.finished_at as timestamptz) as finished_at,
  if(r.job = 'check', 'reconcile', r.job) as job, r.outcome, r.streams, seq
from (
  select seq, from_json(json, '{
    "run_id": "VARCHAR", "started_at": "VARCHAR", "finished_at": "VARCHAR", "job": "VARCHAR", "outcome": "VARCHAR",
    "streams": "JSON"
  }') as r
  from ledger_lines
  where seq in (select seq from ledger where kind = 'run')
)`;

// Parsed once here instead of in every query for the coverage.
const INSERT_RUN_STREAMS = `
insert into internal.run_streams by name
select
  seq, finished_at, job, e.source, e.stream, e.outcome, e.required, e.lookback_seconds,
  try_cast(e."window"."from" as timestamptz) at time zone 'UTC' as window_from,
  try_cast(e."window"."to" as timestamptz) at time zone 'UTC' as window_to,
  try_cast(e.watermark as timestamptz) at time zone 'UTC' as watermark,
  e."cursor",
  try_cast(e.oldest_served as timestamptz) at time zone 'UTC' as oldest_served,
  e.checked,
  coalesce(e.parts.awaited, 0) as awaited
from (
  select seq, finished_at, coalesce(job, 'sync') as job, unnest(from_json(streams, '[{
    "source": "VARCHAR", "stream": "VARCHAR", "outcome": "VARCHAR", "required": "BOOLEAN", "lookback_seconds": "BIGINT",
    "window": {"from": "VARCHAR", "to": "VARCHAR"}, "watermark": "VARCHAR", "cursor": "JSON",
    "oldest_served": "VARCHAR", "checked": "JSON", "parts": {"awaited": "BIGINT"}
  }]')) as e
  from runs
  where seq > (select coalesce(max(seq), -1) from internal.run_streams)
)`;

// Attributed to the record's own batch, as all findings are.
const INSERT_REFUSED = `
insert into anomalies by name
with refused as (
  select
    json ->> 'at' as noted_at, json ->> 'sink' as sink, json ->> 'table' as "table",
    unnest(from_json(json -> 'set_aside', '[{"uid": "VARCHAR", "seq": "BIGINT", "n": "BIGINT", "reason": "VARCHAR"}]')) as r
  from ledger_lines
  where json ->> 'kind' = 'delivery'
)
select
  try_cast(noted_at as timestamptz) as "at", b.source, b.stream, 'refused' as kind,
  json_object('sink', sink, 'table', "table", 'uid', r.uid, 'reason', r.reason)::varchar as what,
  r.seq, r.n
from refused join ledger b on b.seq = r.seq and b.kind = 'batch'`;

/** Brings the ledger up to a seq into the tables `ledger`, `runs` and `run_streams`, and what receivers refused into `anomalies`. */
export async function loadLedger(
  connection: DuckDBConnection,
  ledger: { files: string[]; seq: number },
): Promise<void> {
  const [usual, longest] = LINE_BYTES;
  try {
    await inTransaction(connection, () => load(connection, ledger, usual));
  } catch (error) {
    if (!/maximum_object_size/.test(messageOf(error))) throw error;
    await inTransaction(connection, () => load(connection, ledger, longest));
  }
}

async function load(
  connection: DuckDBConnection,
  { files, seq }: { files: string[]; seq: number },
  longest: number,
): Promise<void> {
  // A month at a time: the ledger of years would not fit in the memory that a load may take.
  for (const file of files) {
    await connection.run(LINES, {
      file: noPattern(file),
      longest: BigInt(longest),
      seq: BigInt(seq),
    });
    await connection.run(INSERT_LEDGER);
    await connection.run(INSERT_RUNS);
    await connection.run(INSERT_RUN_STREAMS);
    await connection.run(INSERT_REFUSED);
  }
}
