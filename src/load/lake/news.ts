/**
 * Which spans may have other rows than the manifest says, without a look at all rows. A night costs what is new.
 *
 * A row is never changed in place, only removed and brought by a later batch. So the rows that a span had at seq S are the ones that it
 * has now if it has as many and none of a later seq: what it has is then a part of what it had. What this cannot see is a row
 * that is made with what is known of something else, such as a name: `learned`, and `changed` of a table, say which. Where rows went for
 * good (a prune), or came to another seq, all are compared.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { firstRow } from '../database.ts';
import { type LakeTable, qualified } from '../tables.ts';
import { type Calendar, daySql, spanSql } from './calendar.ts';
import type { LakeFile, Manifest } from './manifest.ts';
import { shownPath } from './paths.ts';
import { lakeTablesIn, type Which } from './spans.ts';

/** All spans of a table, and those of them that have to be looked at. */
type News = { table: LakeTable; paths: string[]; touched: Which[] };

// Since when who or what is called otherwise than at a seq: the first version holds from the beginning, another one from its own
// time on. Who is in a team is said by versions of users, of teams or of something else, and a team's name is shown with
// its users.
const LEARNED = `
create or replace temp table learned as
with news as (
  select source, entity_type, entity_id, min(valid_from) as since
  from internal.dated_versions where seq > $seq group by all
),
known as (
  select distinct source, entity_type, entity_id from internal.entity_versions where present and seq <= $seq
),
things as (
  select n.source, n.entity_id, if(k.entity_id is null, '-infinity'::timestamptz, n.since) as since
  from news n left join known k using (source, entity_type, entity_id)
),
joined as (
  select v.source, m.user_id, m.seq, n.since, v.valid_from, v.n
  from internal.memberships m
  join internal.dated_versions v using (seq, n)
  left join news n using (source, entity_type, entity_id)
  where v.present
),
members as (
  select
    source, user_id as entity_id,
    if(arg_min(seq, (valid_from, seq, n)) > $seq, '-infinity'::timestamptz, min(since)) as since
  from joined group by all having count(since) > 0
),
teamed as (
  select p.source, p.entity_id, t.since
  from internal.names_over_time p join things t on t.source = p.source and t.entity_id = p.team_id
  union all
  select m.source, m.user_id, t.since
  from internal.memberships_over_time m join things t on t.source = m.source and t.entity_id = m.team_id
)
select source, entity_id, min(since) as since
from (from things union all by name from members union all by name from teamed)
group by all`;

/** Whether all spans have to be compared: the manifest is of a later state, or rows were removed for good since. */
export async function isPast(
  connection: DuckDBConnection,
  seq: number,
  now: number,
): Promise<boolean> {
  if (seq > now) return true;
  const sql = `select exists (from main.ledger where kind = 'prune' and seq > $seq) as pruned`;
  return (await firstRow(connection, sql, { seq: BigInt(seq) }))['pruned'] === true;
}

/** @param kept the manifest's files that are in place, by path */
export async function newsSince(
  connection: DuckDBConnection,
  manifest: Manifest,
  calendar: Calendar,
  kept: ReadonlyMap<string, LakeFile>,
): Promise<News[]> {
  const seq = BigInt(manifest.seq);
  await connection.run(LEARNED, { seq });
  const news: News[] = [];
  for (const table of await lakeTablesIn(connection)) {
    const changed = await changedSpans(connection, table, calendar, seq);
    const counted =
      (await onlyAdded(connection, table, calendar, manifest)) ??
      (await countedSpans(connection, table, calendar));
    const entry: News = { table, paths: [], touched: [] };
    for (const { source, span, rows, last } of counted) {
      const path = shownPath(table.name, source, span);
      entry.paths.push(path);
      const file = kept.get(path);
      const isSame = file?.rows === rows && file.seq === last;
      if (!isSame || changed.has(path)) entry.touched.push({ source: source ?? '', span });
    }
    news.push(entry);
  }
  await connection.run('drop table learned');
  return news;
}

/** How many rows a span has, and the newest batch among them. */
type Counted = { source: string | null; span: string; rows: number; last: number };

async function countedSpans(
  connection: DuckDBConnection,
  table: LakeTable,
  calendar: Calendar,
  where = 'true',
): Promise<Counted[]> {
  // By date first: to make a text of each row's day would take most of the time.
  const reader = await connection.runAndReadAll(`
    select source, ${spanSql(table, calendar, 'lake_day')} as span, sum(rows)::double, max(last)::double
    from (
      select source, ${daySql(table)} as lake_day, count(*) as rows, max(seq) as last
      from ${table.rows ?? qualified(table)} where ${where} group by all
    )
    group by all order by 1, 2`);
  return reader.getRows().map(([source, span, rows, last]) => ({
    source: source === null ? null : String(source),
    span: String(span),
    rows: Number(rows),
    last: Number(last ?? 0),
  }));
}

/**
 * The same where rows were only added, without a look at the others: there are as many more of them as are of later batches. Null
 * where it is not so, or the spans are others than the manifest's.
 */
async function onlyAdded(
  connection: DuckDBConnection,
  table: LakeTable,
  calendar: Calendar,
  { files, seq, open_from, keep_from }: Manifest,
): Promise<Counted[] | null> {
  if (open_from !== calendar.openFrom || keep_from !== null || calendar.keepFrom !== null) {
    return null;
  }
  const spans = new Map<string, Counted>();
  for (const { table: name, source, span, rows, seq: last } of files) {
    if (name === table.name) spans.set(`${source}/${span}`, { source, span, rows, last });
  }
  const added = await countedSpans(connection, table, calendar, `seq > ${seq}`);
  const { total } = await firstRow(
    connection,
    `select count(*)::double as total from ${table.rows ?? qualified(table)}`,
  );
  if (Number(total) !== sumOf([...spans.values(), ...added])) return null;
  for (const { source, span, rows, last } of added) {
    const known = spans.get(`${source}/${span}`)?.rows ?? 0;
    spans.set(`${source}/${span}`, { source, span, rows: known + rows, last });
  }
  return [...spans.values()].toSorted(bySourceAndSpan);
}

function sumOf(counted: readonly Counted[]): number {
  return counted.reduce((sum, { rows }) => sum + rows, 0);
}

function bySourceAndSpan(one: Counted, other: Counted): number {
  const [left, right] = [one.source ?? '', other.source ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return one.span < other.span ? -1 : 1;
}

async function changedSpans(
  connection: DuckDBConnection,
  table: LakeTable,
  calendar: Calendar,
  seq: bigint,
): Promise<Set<string>> {
  if (table.changed === undefined) return new Set();
  const reader = await connection.runAndReadAll(
    `select distinct source, ${spanSql(table, calendar)} from (${table.changed.replaceAll('$seq', String(seq))})`,
  );
  return new Set(
    reader.getRows().map(([source, span]) => shownPath(table.name, String(source), String(span))),
  );
}
