import type { DuckDBConnection } from '@duckdb/node-api';

// Rows in the table are older than incoming ones. A session changes as long as someone works on it, so another state is
// no anomaly.
const NEWEST = `
create or replace temp table newest_sessions as
with known as (
  select * from internal.sessions semi join incoming_sessions using (source, session_id)
  union all by name
  select * exclude (seen_at), seen_at as first_seen_at from incoming_sessions
)
select * replace (
  first(first_seen_at) over (partition by source, session_id order by seq, n) as first_seen_at
)
from known
qualify row_number() over (partition by source, session_id order by seq desc, n desc) = 1`;

const DELETE_FORMER = `
delete from internal.sessions
where (source, session_id) in (select (source, session_id) from newest_sessions)`;

const INSERT_NEWEST = `insert into internal.sessions by name select * from newest_sessions`;

/** Keeps the state of each session in `incoming_sessions` that was archived last, however batches are grouped. */
export async function applySessions(connection: DuckDBConnection): Promise<void> {
  for (const sql of [NEWEST, DELETE_FORMER, INSERT_NEWEST]) await connection.run(sql);
}
