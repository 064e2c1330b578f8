/** A mapping is a SELECT of ours over one relation. This puts the relation in front of it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { listValue } from '../../platform/duckdb.ts';
import { messageOf } from '../../errors.ts';
import type { BatchRef, Mapping, Target } from '../../model.ts';

/** The records of a stream as mappings read them. */
const RECORDS = `
with records as (
  select
    l.seq, l.n, b.source, b.vendor, b.organizationId as organization_id, b.stream, l.key,
    try_cast(l."time" as timestamptz) as time, p."at" as seen_at, p.context, l.object as record, l.raw_altered
  from lines l
  join batches b on b.seq = l.seq
  left join pages p on p.seq = l.seq and p.page = l.page
  where l.kind = 'record' and l.object is not null and b.vendor = $vendor and list_contains($streams, b.stream)
)`;

const INSERT_INCOMING_RECORDS = `
insert into incoming_records by name ${RECORDS}
select source, vendor, organization_id, stream, key as record_key, seen_at, seq, n from records`;

const INTO: Record<Target, string> = {
  event: 'internal.events',
  entity: 'incoming_versions',
  figure: 'incoming_figures',
  session: 'incoming_sessions',
  finding: 'incoming_findings',
  grant: 'internal.grants',
  membership: 'internal.memberships',
};

/** A mapping with every stream that it is the mapping of. */
type SharedMapping = Omit<Mapping, 'stream'> & { streams: string[] };

/**
 * The mappings that a group of batches needs, each once: whatever a statement has to do, planning it takes some 20 ms, and a
 * vendor may have a dozen streams of one kind.
 */
export function mappingsOf(
  mappings: readonly Mapping[],
  group: readonly Pick<BatchRef, 'vendor' | 'stream'>[],
): SharedMapping[] {
  const present = new Set(group.map(({ vendor, stream }) => `${vendor}/${stream}`));
  const shared = new Map<string, SharedMapping>();
  for (const { vendor, stream, target, sql } of mappings) {
    if (!present.has(`${vendor}/${stream}`)) continue;
    const key = JSON.stringify([vendor, target, sql]);
    const known = shared.get(key);
    if (known === undefined) shared.set(key, { vendor, target, sql, streams: [stream] });
    else known.streams.push(stream);
  }
  return [...shared.values()];
}

/** Maps the records of its streams that are in `lines`, if the mapping is one of records. @throws Error that names the mapping */
export async function mapRecords(
  connection: DuckDBConnection,
  mapping: SharedMapping,
): Promise<void> {
  if (isOfVersions(mapping.target)) return;
  await named(mapping, () => insertRecords(connection, mapping));
}

async function insertRecords(
  connection: DuckDBConnection,
  { target, sql, vendor, streams }: SharedMapping,
): Promise<void> {
  const from = { vendor, streams: listValue(streams) };
  // As if no event came twice: `resolveRepeats` says otherwise.
  const columns =
    target === 'event' ? '* exclude (seen_at), 1 as revision, seen_at as first_seen_at' : '*';
  await connection.run(
    `insert into ${INTO[target]} by name ${RECORDS} select ${columns} from (\n${sql}\n)`,
    from,
  );
  if (target === 'figure') await connection.run(INSERT_INCOMING_RECORDS, from);
}

/**
 * Maps the versions of things that its streams brought from a seq on, once they are stored, if the mapping is one of
 * versions. A thing that is no longer listed holds nothing.
 *
 * @throws Error that names the mapping
 */
export async function mapVersions(
  connection: DuckDBConnection,
  mapping: SharedMapping,
  first: number,
): Promise<void> {
  if (!isOfVersions(mapping.target)) return;
  await named(mapping, () => insertVersions(connection, mapping, first));
}

async function insertVersions(
  connection: DuckDBConnection,
  { target, sql, vendor, streams }: SharedMapping,
  first: number,
): Promise<void> {
  await connection.run(
    `insert into ${INTO[target]} by name
    with versions as (
      select * from internal.entity_versions
      where vendor = $vendor and list_contains($streams, stream) and seq >= $first and present
    )
    select * from (\n${sql}\n)`,
    { vendor, streams: listValue(streams), first: BigInt(first) },
  );
}

/** DuckDB's message says nothing about where the SQL comes from. */
async function named(
  { vendor, streams, target }: SharedMapping,
  insert: () => Promise<void>,
): Promise<void> {
  try {
    await insert();
  } catch (error) {
    const what = `the mapping of ${vendor}/${streams.join(', ')} to the target ${target} failed`;
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

function isOfVersions(target: Target): boolean {
  return target === 'grant' || target === 'membership';
}
