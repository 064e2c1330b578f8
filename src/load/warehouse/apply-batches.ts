import type { DuckDBConnection } from '@duckdb/node-api';
import { batchGroups } from './batch-groups.ts';
import type { BatchRef, Mapping, Transform } from '../../model.ts';
import { applyEntities } from './apply-entities.ts';
import { applyRevisions, findClashes } from './apply-events.ts';
import { applyFigures } from './apply-figures.ts';
import { applyFindings } from './apply-findings.ts';
import { applySessions } from './apply-sessions.ts';
import { expectAllMapped, expectAllRead } from './balance.ts';
import { firstRow } from '../database.ts';
import { readBatches } from './read-batches.ts';

const PAGES = `
create or replace temp table pages as
select seq, page, "at", context from lines where kind = 'page'`;

const EMPTY_INCOMING = `
create or replace temp table incoming as
select * exclude (revision, first_seen_at), first_seen_at as seen_at from events limit 0`;

const EMPTY_INCOMING_VERSIONS = `
create or replace temp table incoming_versions as select * from entity_versions limit 0`;

const EMPTY_INCOMING_FIGURES = `
create or replace temp table incoming_figures as select * exclude (latest) from figures limit 0`;

// The records of figures, also those without one.
const EMPTY_INCOMING_RECORDS = `
create or replace temp table incoming_records as
select source, vendor, organization_id, stream, record_key, observed_at as seen_at, seq, n from figures limit 0`;

const EMPTY_INCOMING_SESSIONS = `
create or replace temp table incoming_sessions as
select * exclude (first_seen_at), first_seen_at as seen_at from sessions limit 0`;

/** The records of a stream as mappings read them. Of events `fresh` ones are told from those that clash. */
function records(which: 'all' | 'fresh' | 'clashing'): string {
  const join = {
    all: '',
    fresh: 'anti join clashing_records using (seq, n)',
    clashing: 'semi join clashing_records using (seq, n)',
  };
  return `
with records as (
  select
    l.seq, l.n, b.source, b.vendor, b.organizationId as organization_id, b.stream, l.key,
    try_cast(l."time" as timestamptz) as time, p."at" as seen_at, p.context, l.object as record, l.raw_altered
  from (from lines ${join[which]}) l
  join batches b on b.seq = l.seq
  left join pages p on p.seq = l.seq and p.page = l.page
  where l.kind = 'record' and l.object is not null and b.vendor = $vendor and b.stream = $stream
)`;
}

const INSERT_INCOMING_RECORDS = `
insert into incoming_records by name ${records('all')}
select source, vendor, organization_id, stream, key as record_key, seen_at, seq, n from records`;

/** Applies committed batches in the order of the ledger. Returns how many rows came in. */
export async function applyBatches(
  connection: DuckDBConnection,
  transform: Transform,
  batches: BatchRef[],
): Promise<number> {
  const ordered = batches.toSorted((one, other) => one.seq - other.seq);
  let rows = 0;
  for await (const group of batchGroups(ordered)) {
    rows += await applyGroup(connection, transform, group);
  }
  return rows;
}

async function applyGroup(
  connection: DuckDBConnection,
  transform: Transform,
  group: BatchRef[],
): Promise<number> {
  await connection.run('begin');
  try {
    await readBatches(connection, transform, group);
    await expectAllRead(connection, group);
    await connection.run(PAGES);
    await connection.run(EMPTY_INCOMING);
    await connection.run(EMPTY_INCOMING_VERSIONS);
    await connection.run(EMPTY_INCOMING_FIGURES);
    await connection.run(EMPTY_INCOMING_RECORDS);
    await connection.run(EMPTY_INCOMING_SESSIONS);
    const clashes = await findClashes(connection);
    const present = new Set(group.map(({ vendor, stream }) => `${vendor}/${stream}`));
    for (const mapping of transform.mappings) {
      if (present.has(`${mapping.vendor}/${mapping.stream}`))
        await map(connection, mapping, clashes);
    }
    await expectAllMapped(connection, group);
    await applyFindings(connection);
    if (clashes) await applyRevisions(connection);
    await applyEntities(connection);
    await applyFigures(connection);
    await applySessions(connection);
    const { rows } = await firstRow(
      connection,
      `select
        (select count(*) from event_keys)
        + (select count(*) from incoming_versions where present)
        + (select count(*) from incoming_figures)
        + (select count(*) from incoming_sessions) as rows`,
    );
    const seq = Math.max(...group.map((batch) => batch.seq));
    await connection.run('update meta set seq = $seq', { seq: BigInt(seq) });
    await connection.run('commit');
    return Number(rows);
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** The mapping is a file of ours that reads the relation `records`. */
async function map(
  connection: DuckDBConnection,
  { target, sql, vendor, stream }: Mapping,
  clashes: boolean,
): Promise<void> {
  const stream_of = { vendor, stream };
  if (target === 'event') {
    await connection.run(
      `insert into events by name ${records('fresh')}
      select * exclude (seen_at), 1 as revision, seen_at as first_seen_at from (\n${sql}\n)`,
      stream_of,
    );
    if (!clashes) return;
  }
  const into = INTO[target];
  const which = target === 'event' ? 'clashing' : 'all';
  await connection.run(
    `insert into ${into} by name ${records(which)} select * from (\n${sql}\n)`,
    stream_of,
  );
  if (target === 'figure') await connection.run(INSERT_INCOMING_RECORDS, stream_of);
}

const INTO = {
  event: 'incoming',
  entity: 'incoming_versions',
  figure: 'incoming_figures',
  session: 'incoming_sessions',
} as const;
