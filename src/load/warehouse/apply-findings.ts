import type { DuckDBConnection } from '@duckdb/node-api';
import { firstRow } from '../database.ts';

const FINDINGS = `
insert into anomalies by name
select l."at", b.source, b.stream, l.finding as kind, l.what, l.seq, l.n
from lines l join batches b on b.seq = l.seq
where l.kind = 'finding'`;

const UNMAPPABLE = `
insert into anomalies by name
select
  p."at", b.source, b.stream, 'unmappable' as kind,
  json_object('reason', 'not a JSON object', 'text', left(l.unmappable, 200))::varchar as what,
  l.seq, l.n
from lines l
join batches b on b.seq = l.seq
left join pages p on p.seq = l.seq and p.page = l.page
where l.unmappable is not null`;

// A time that cannot be right is kept all the same.
const TIMELESS = `
insert into anomalies by name
select
  e.first_seen_at as "at", e.source, b.stream,
  if(e.occurred_at is null, 'unmappable', 'implausible') as kind,
  json_object(
    'reason', if(e.occurred_at is null, 'no event time', 'the event time cannot be right'),
    'text', left(e.raw::varchar, 200)
  )::varchar as what,
  e.seq, e.n
from internal.events e join batches b on b.seq = e.seq
where e.seq >= $first and (e.occurred_at is null or not internal.is_credible(e.occurred_at, e.first_seen_at))`;

// What is listed by time and has none that can be read.
const UNDATED = `
insert into anomalies by name
select
  p."at", b.source, b.stream, 'unmappable' as kind,
  json_object('reason', 'no time', 'text', left(l.object::varchar, 200))::varchar as what,
  l.seq, l.n
from lines l
join batches b on b.seq = l.seq
left join pages p on p.seq = l.seq and p.page = l.page
where l.kind = 'record' and l.object is not null and l."time" is null and b.kind in ('changes', 'series')`;

const UNUSABLE_IDS = `
insert into anomalies by name
select
  p."at", b.source, b.stream, 'unmappable' as kind,
  json_object(
    'reason', 'the id is too long or no well-formed text: a hash stands for it', 'key', l.key
  )::varchar as what,
  l.seq, l.n
from lines l
join batches b on b.seq = l.seq
left join pages p on p.seq = l.seq and p.page = l.page
where l.kind = 'record' and contains(l.key, 'sha256-of-id:')`;

const VANISHED = `
insert into anomalies by name
select
  l."at", b.source, b.stream, 'vanished' as kind,
  json_object('event_uid', b.source || ':' || l.key)::varchar as what,
  l.seq, l.n
from lines l join batches b on b.seq = l.seq
where l.kind = 'absent' and b.kind = 'log'`;

// Its figures keep their last value, unless its content is all that it is known by.
const VANISHED_PERIOD = `
insert into anomalies by name
select
  l."at", b.source, b.stream, 'vanished' as kind,
  json_object('stream', b.stream, 'key', l.key)::varchar as what,
  l.seq, l.n
from lines l join batches b on b.seq = l.seq
where l.kind = 'absent' and b.kind = 'series'`;

const NOTE_ABSENCES = `
insert into internal.absent_events by name
select b.source || ':' || l.key as event_uid, l.seq, l.n
from lines l join batches b on b.seq = l.seq
where l.kind = 'absent' and b.kind = 'log'`;

const RETURNS = `
create or replace temp table returned as
select
  a.event_uid, a.seq as absent_seq, a.n as absent_n,
  arg_min({'seen_at': i.first_seen_at, 'source': i.source, 'seq': i.seq, 'n': i.n}, (i.seq, i.n)) as record
from internal.absent_events a
join internal.events i on i.event_uid = a.event_uid and i.seq >= $first
where a.returned_seq is null and (i.seq, i.n) > (a.seq, a.n)
group by all`;

const REAPPEARED = `
insert into anomalies by name
select distinct
  r.record.seen_at as "at", r.record.source, b.stream, 'reappeared' as kind,
  json_object('event_uid', r.event_uid)::varchar as what,
  r.record.seq, r.record.n
from returned r join batches b on b.seq = r.record.seq`;

const CLOSE_ABSENCES = `
update internal.absent_events a set returned_seq = r.record.seq
from returned r
where r.event_uid = a.event_uid and r.absent_seq = a.seq and r.absent_n = a.n`;

// Nearly all groups have little of it, and a statement takes some milliseconds though it finds nothing.
const PRESENT = `
select
  bool_or(kind = 'finding') as finding,
  bool_or(kind = 'absent') as absent,
  bool_or(unmappable is not null) as unmappable,
  bool_or(kind = 'record' and object is not null and "time" is null) as undated,
  bool_or(contains("key", 'sha256-of-id:')) as unusable
from lines`;

const MAY_RETURN = `select exists (from internal.absent_events where returned_seq is null) as may_return`;

/**
 * Adds to `anomalies` what was found while archiving, and what could not be mapped.
 *
 * @param first the first seq of the group
 */
export async function applyFindings(connection: DuckDBConnection, first: number): Promise<void> {
  const ofGroup = { first: BigInt(first) };
  const present = await firstRow(connection, PRESENT);
  if (present['finding'] === true) await connection.run(FINDINGS);
  if (present['unmappable'] === true) await connection.run(UNMAPPABLE);
  await connection.run(TIMELESS, ofGroup);
  if (present['undated'] === true) await connection.run(UNDATED);
  if (present['unusable'] === true) await connection.run(UNUSABLE_IDS);
  if (present['absent'] === true) {
    for (const sql of [VANISHED, VANISHED_PERIOD, NOTE_ABSENCES]) await connection.run(sql);
  }
  const { may_return: mayReturn } = await firstRow(connection, MAY_RETURN);
  if (mayReturn !== true) return;
  await connection.run(RETURNS, ofGroup);
  for (const sql of [REAPPEARED, CLOSE_ABSENCES]) await connection.run(sql);
}
