import type { DuckDBConnection } from '@duckdb/node-api';

// Rows in the table are older than incoming ones. A finding changes with its evidence and its state, so another state
// is no anomaly.
const NEWEST = `
create or replace temp table newest_findings as
select *
from (
  from internal.findings semi join incoming_findings using (finding_id)
  union all by name
  from incoming_findings
)
qualify row_number() over (partition by finding_id order by seq desc, n desc) = 1`;

const DELETE_FORMER = `
delete from internal.findings where finding_id in (select finding_id from newest_findings)`;

const INSERT_NEWEST = `insert into internal.findings by name select * from newest_findings`;

/** Keeps the state of each finding in `incoming_findings` that was archived last, however batches are grouped. */
export async function applyDetected(connection: DuckDBConnection): Promise<void> {
  for (const sql of [NEWEST, DELETE_FORMER, INSERT_NEWEST]) await connection.run(sql);
}
