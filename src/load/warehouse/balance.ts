import type { DuckDBConnection } from '@duckdb/node-api';
import { AuditlakeError, EXIT } from '../../errors.ts';
import type { BatchRef } from '../../model.ts';
import { firstRow } from '../database.ts';

const READ = `select count(*) as found from lines where kind = 'record'`;

// Records that are JSON objects; anything else becomes an anomaly.
const MAPPED = `
select
  (
    select count(*) from lines l join batches b on b.seq = l.seq
    where l.kind = 'record' and l.object is not null and b.events
  ) as due,
  (select count(*) from internal.events where seq >= $first) as found`;

/** Checks that every committed record was read: a reader that skips lines would lose them silently. */
export async function expectAllRead(
  connection: DuckDBConnection,
  group: readonly BatchRef[],
): Promise<void> {
  const due = group.reduce((sum, batch) => sum + batch.records, 0);
  const { found } = await firstRow(connection, READ);
  if (Number(found) !== due) throw unbalanced(group, 'records', due, Number(found));
}

/** Checks that every record of a log became an event: a mapping that joins or filters could drop some. */
export async function expectAllMapped(
  connection: DuckDBConnection,
  group: readonly BatchRef[],
  first: number,
): Promise<void> {
  const { due, found } = await firstRow(connection, MAPPED, { first: BigInt(first) });
  if (due !== found) throw unbalanced(group, 'events', Number(due), Number(found));
}

function unbalanced(
  group: readonly BatchRef[],
  what: string,
  due: number,
  found: number,
): AuditlakeError {
  const seqs = `seq ${group[0]?.seq} to ${group.at(-1)?.seq}`;
  return new AuditlakeError(
    'unbalanced',
    `of the batches ${seqs} the archive has ${due} ${what}, the warehouse would get ${found}`,
    'a defect: please report it. Nothing is lost, the archive has everything; the former warehouse serves',
    EXIT.failed,
  );
}
