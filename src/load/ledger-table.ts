import { type DuckDBConnection, listValue } from '@duckdb/node-api';

const MAX_LINE_BYTES = 4 * 1024 * 1024;

// Only what is not there yet: the lines since the last generation.
const LINES = `
create or replace temp table ledger_lines as
select (json ->> 'seq')::bigint as seq, json
from read_ndjson_objects($files, format = 'newline_delimited', maximum_object_size = $longest)
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
    "stream": "VARCHAR", "file": "VARCHAR", "file_sha256": "VARCHAR", "file_bytes": "BIGINT", "pages": "BIGINT",
    "records": "BIGINT", "new_records": "BIGINT", "changed_records": "BIGINT", "absent_records": "BIGINT",
    "min_time": "VARCHAR", "max_time": "VARCHAR", "cursor": "JSON"
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

const INSERT_RUNS = `
insert into runs by name
select
  json ->> 'run_id' as run_id,
  try_cast(json ->> 'started_at' as timestamptz) as started_at,
  try_cast(json ->> 'finished_at' as timestamptz) as finished_at,
  json ->> 'outcome' as outcome,
  json -> 'streams' as streams,
  seq
from ledger_lines
where json ->> 'kind' = 'run'`;

// Found where the record came from, as all findings are.
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

/** Brings the ledger up to a seq into the tables `ledger` and `runs`, and what receivers refused into `anomalies`. */
export async function loadLedger(
  connection: DuckDBConnection,
  ledger: { files: string[]; seq: number },
): Promise<void> {
  if (ledger.files.length === 0) return;
  await connection.run(LINES, {
    files: listValue(ledger.files),
    longest: BigInt(MAX_LINE_BYTES),
    seq: BigInt(ledger.seq),
  });
  await connection.run(INSERT_LEDGER);
  await connection.run(INSERT_RUNS);
  await connection.run(INSERT_REFUSED);
}
