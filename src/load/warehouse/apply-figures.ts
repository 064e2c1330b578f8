import type { DuckDBConnection } from '@duckdb/node-api';
import { KEY_OF_CONTENT } from '../../platform/key.ts';
import { firstRow } from '../database.ts';

/** How many figures are compared at once: a comparison holds several copies of each, and a vendor may restate a whole night. */
const PORTION = 30_000;

/** The columns that identify a figure: a bill of one day may be in two currencies. Its value may differ from one version of its record to the next. */
const IDENTITY =
  'source, stream, record_key, dataset, scope, scope_id, period_start, period_end, granularity, tool, model, metric, unit';

// What has an id may just be listed elsewhere, and its figures stand. A record that is known by its content alone is gone once
// the vendor serves another in its place: it counts as a version without figures.
const GONE = `
insert into incoming_records by name
select
  b.source, b.vendor, b.organizationId as organization_id, b.stream, l.key as record_key, l."at" as seen_at, l.seq, l.n
from lines l join batches b on b.seq = l.seq
where l.kind = 'absent' and b.kind = 'series' and regexp_matches(l.key, '(^|/)${KEY_OF_CONTENT}$')`;

// Records that have more than one version, among the new ones or in the table.
const RESTATED = `
create or replace temp table restated as
select source, stream, record_key from incoming_records group by all having count(*) > 1
union
select source, stream, record_key from internal.figures semi join incoming_records using (source, stream, record_key)`;

const INSERT_NEW = `
insert into internal.figures by name
select *, true as latest from incoming_figures anti join restated using (source, stream, record_key)`;

// Rows in the table are older than incoming ones.
const KNOWN = `
create or replace temp table known_figures as
select *, null::bigint as stored_row
from incoming_figures semi join restated using (source, stream, record_key)
union all by name
select * exclude (latest), rowid as stored_row
from internal.figures semi join restated using (source, stream, record_key)
where latest`;

const EMPTY_CHANGES = `
create or replace temp table figure_changes as
select *, null::bigint as superseded_row from internal.figures limit 0`;

// Every figure that such a record ever had, once per version; NULL where a version lacks it. The newest value in the table is what the first version that comes in is compared with.
const CHANGES = `
insert into figure_changes by name
with known as (
  select * from known_figures where hash(source, stream, record_key) % $portions = $portion
),
identities as (
  -- The mapping says whose figure it is, which may be another account than the record's.
  select ${IDENTITY}, max(organization_id) as organization_id from known group by all
),
observed as (
  select ${IDENTITY}, vendor, organization_id, observed_at, seq, n, value, stored_row from known
  union all by name
  select
    i.*, r.vendor, r.seen_at as observed_at, r.seq, r.n,
    null::double as value, null::bigint as stored_row
  from identities i join incoming_records r using (source, stream, record_key)
),
per_version as (
  select
    ${IDENTITY}, vendor, organization_id, observed_at, seq, n,
    max(value) as value, max(stored_row) as stored_row
  from observed group by all
),
compared as (
  select
    *,
    value is distinct from lag(value) over identity as differs,
    first(stored_row) over identity as superseded_row
  from per_version
  window identity as (partition by ${IDENTITY} order by seq, n)
)
select
  * exclude (differs, stored_row),
  row_number() over (partition by ${IDENTITY} order by seq desc, n desc) = 1 as latest
from compared
where differs and stored_row is null`;

const SUPERSEDE = `
update internal.figures set latest = false
where rowid in (select superseded_row from figure_changes where superseded_row is not null)`;

const INSERT_CHANGES = `
insert into internal.figures by name select * exclude (superseded_row) from figure_changes`;

/**
 * Adds the mapped figures of `incoming_figures`, of which `incoming_records` has the records, also those without
 * a figure. Most records appear once and go straight in; the few that were restated are compared figure by
 * figure in the order of the archive, so that the result does not depend on how batches are grouped.
 */
export async function applyFigures(connection: DuckDBConnection): Promise<void> {
  await connection.run(GONE);
  await connection.run(RESTATED);
  await connection.run(INSERT_NEW);
  await connection.run(KNOWN);
  const { figures } = await firstRow(connection, 'select count(*) as figures from known_figures');
  if (figures === 0n) return;
  await connection.run(EMPTY_CHANGES);
  const portions = Math.ceil(Number(figures) / PORTION);
  for (let portion = 0; portion < portions; portion++) {
    await connection.run(CHANGES, { portions: BigInt(portions), portion: BigInt(portion) });
  }
  await connection.run(SUPERSEDE);
  await connection.run(INSERT_CHANGES);
}
