import type { DuckDBConnection } from '@duckdb/node-api';

// An absent line has only a key. The other versions in its stream tell its entity type.
const ABSENT = `
insert into incoming_versions by name
with types as (
  select distinct source, stream, entity_type from internal.entity_versions
  union
  select distinct source, stream, entity_type from incoming_versions
)
select
  b.source, b.vendor, b.stream, t.entity_type, l.key as entity_id, l."at" as seen_at,
  false as present, l.seq, l.n
from lines l
join batches b on b.seq = l.seq
join types t on t.source = b.source and t.stream = b.stream
where l.kind = 'absent' and b.kind = 'snapshot'`;

// A row is a version only if it differs from the one before.
const INSERT_VERSIONS = `
insert into internal.entity_versions by name
with concerned as (
  select distinct source, entity_type, entity_id from incoming_versions
),
known as (
  select v.*, true as stored from internal.entity_versions v
  where (v.source, v.entity_type, v.entity_id) in (select (source, entity_type, entity_id) from concerned)
  union all by name
  select *, false as stored from incoming_versions
),
compared as (
  select
    *,
    row_number() over entity = 1
      or lag(present) over entity is distinct from present
      or lag(name) over entity is distinct from name
      or lag(email) over entity is distinct from email
      or lag(attributes::varchar) over entity is distinct from attributes::varchar
      or lag(changed_at) over entity is distinct from changed_at as differs
  from known
  window entity as (partition by source, entity_type, entity_id order by seq, n)
)
select * exclude (stored, differs) from compared where differs and not stored`;

/** Adds the mapped versions of `incoming_versions`, and ends the versions of entities that disappeared. */
export async function applyEntities(connection: DuckDBConnection): Promise<void> {
  await connection.run(ABSENT);
  await connection.run(INSERT_VERSIONS);
}
