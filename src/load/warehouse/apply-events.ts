import type { DuckDBConnection } from '@duckdb/node-api';

// Findings name the stream, which an event does not.
const NOTE_STREAMS = `
create temp table if not exists streams_of_batches as select seq, stream from batches limit 0;
insert into streams_of_batches select seq, stream from batches`;

const CLASHING = `
create or replace temp table clashing as
select event_uid from internal.events
where event_uid in (select event_uid from internal.events where seq > $after)
group by event_uid having count(*) > 1`;

const INCOMING = `
create or replace temp table incoming as
select * exclude (revision, first_seen_at), first_seen_at as seen_at
from internal.events where seq > $after and event_uid in (select event_uid from clashing)`;

const TAKE_BACK = `
delete from internal.events where seq > $after and event_uid in (select event_uid from clashing)`;

// Everything known about clashing events, in the order of the archive. Rows that are left in the table are older.
const REVISIONS = `
create or replace temp table revisions as
with known as (
  select * exclude (first_seen_at), first_seen_at as seen_at, first_seen_at, true as stored
  from internal.events where event_uid in (select event_uid from clashing)
  union all by name
  select *, null::bigint as revision, null::timestamptz as first_seen_at, false as stored
  from incoming
),
compared as (
  select
    *,
    lag(raw::varchar) over event is distinct from raw::varchar as differs,
    first(revision) over event as stored_revision,
    coalesce(first(first_seen_at) over event, first(seen_at) over event) as seen_first_at
  from known
  window event as (partition by event_uid order by seq, n)
),
counted as (
  select
    * exclude (revision, first_seen_at, stored_revision, seen_first_at, differs),
    coalesce(stored_revision, 1) - 1 + count(*) over (partition by event_uid order by seq, n) as revision,
    seen_first_at as first_seen_at
  from compared
  where differs
)
select *, row_number() over (partition by event_uid order by seq desc, n desc) = 1 as newest
from counted`;

const CHANGED = `
insert into anomalies by name
select
  r.seen_at as "at", r.source, b.stream, 'changed' as kind,
  json_object('event_uid', r.event_uid, 'revision', r.revision, 'seq', r.seq, 'n', r.n)::varchar as what,
  r.seq, r.n
from revisions r join streams_of_batches b on b.seq = r.seq
where r.revision > 1 and not r.stored`;

const DELETE_SUPERSEDED = `
delete from internal.events
where event_uid in (select event_uid from revisions where newest and not stored)`;

const INSERT_NEWEST = `
insert into internal.events by name
select * exclude (newest, stored, seen_at) from revisions where newest and not stored`;

/** Notes which streams a group of batches is of, for `resolveRepeats`. */
export async function noteStreams(connection: DuckDBConnection): Promise<void> {
  await connection.run(NOTE_STREAMS);
}

/**
 * Leaves the newest revision of every event that came after a seq and is there more than once. Most come once: so it is asked of
 * many batches together, since all events have to be looked at to know. The result does not depend on how batches are grouped.
 */
export async function resolveRepeats(connection: DuckDBConnection, after: bigint): Promise<void> {
  await connection.run(CLASHING, { after });
  const clashing = await connection.runAndReadAll('select 1 from clashing limit 1');
  if (clashing.currentRowCount > 0) {
    await connection.run(INCOMING, { after });
    await connection.run(TAKE_BACK, { after });
    for (const sql of [REVISIONS, CHANGED, DELETE_SUPERSEDED, INSERT_NEWEST]) {
      await connection.run(sql);
    }
  }
  await connection.run('drop table if exists streams_of_batches');
}
