import { mkdir, rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { batchGroups } from './batch-groups.ts';
import type { BatchRef, Target, Transform } from '../../model.ts';
import { applyEntities } from './apply-entities.ts';
import { noteStreams } from './apply-events.ts';
import { applyFigures } from './apply-figures.ts';
import { applyFindings } from './apply-findings.ts';
import { applyDetected } from './apply-detected.ts';
import { applySessions } from './apply-sessions.ts';
import { expectAllMapped, expectAllRead } from './balance.ts';
import { firstRow, inTransaction } from '../database.ts';
import { memoryToLoad, withMemory } from '../memory.ts';
import { mappingsOf, mapRecords, mapVersions } from './map.ts';
import { readBatches } from './read-batches.ts';
import { isIllFormed, wellFormedCopies } from './well-formed-copy.ts';

const PAGES = `
create or replace temp table pages as
select seq, page, "at", context from lines where kind = 'page'`;

type Incoming = {
  /** What makes its temporary tables, empty. */
  sql: string;
  /** Rows of the batches after `$after`. */
  rows: string;
};

const VERSIONS: Incoming = {
  sql: `
create or replace temp table incoming_versions as select * from internal.entity_versions limit 0`,
  rows: '(select count(*) from incoming_versions where seq > $after and present)',
};

// Records of figure streams, including those without a figure.
const FIGURES: Incoming = {
  sql: `
create or replace temp table incoming_figures as select * exclude (latest) from internal.figures limit 0;
create or replace temp table incoming_records as
select source, vendor, organization_id, stream, record_key, observed_at as seen_at, seq, n from internal.figures limit 0`,
  rows: '(select count(*) from incoming_figures where seq > $after)',
};

const SESSIONS: Incoming = {
  sql: `
create or replace temp table incoming_sessions as
select * exclude (first_seen_at), first_seen_at as seen_at from internal.sessions limit 0`,
  rows: '(select count(*) from incoming_sessions where seq > $after)',
};

const DETECTED: Incoming = {
  sql: `
create or replace temp table incoming_findings as select * from internal.findings limit 0`,
  rows: '(select count(*) from incoming_findings where seq > $after)',
};

/** `scratch` is a folder that may be made and removed; rows of batches up to `countAfter` are not counted. */
type Means = { scratch: string; countAfter: number };

/** Applies committed batches in the order of the ledger. Returns the number of rows added. */
export async function applyBatches(
  connection: DuckDBConnection,
  transform: Transform,
  batches: BatchRef[],
  { scratch, countAfter }: Means,
): Promise<number> {
  const ordered = batches.toSorted((one, other) => one.seq - other.seq);
  let rows = 0;
  for await (const group of batchGroups(ordered)) {
    const apply = (files: BatchRef[]): Promise<number> =>
      withMemory(connection, memoryToLoad(files), () =>
        inTransaction(connection, () => applyGroup(connection, transform, files, countAfter)),
      );
    try {
      rows += await apply(group);
    } catch (error) {
      if (!isIllFormed(error)) throw error;
      await mkdir(scratch, { recursive: true, mode: 0o700 });
      rows += await apply(await wellFormedCopies(group, scratch));
      await rm(scratch, { recursive: true });
    }
  }
  return rows;
}

async function applyGroup(
  connection: DuckDBConnection,
  transform: Transform,
  group: BatchRef[],
  countAfter: number,
): Promise<number> {
  await readBatches(connection, transform, group);
  await expectAllRead(connection, group);
  const first = Math.min(...group.map(({ seq }) => seq));
  await connection.run(PAGES);
  const mappings = mappingsOf(transform.mappings, group);
  const maps = (target: Target): boolean => mappings.some((mapping) => mapping.target === target);
  const hasVersions = maps('entity') || group.some(({ kind }) => kind === 'snapshot');
  const incoming = [
    ...(hasVersions ? [VERSIONS] : []),
    ...(maps('figure') ? [FIGURES] : []),
    ...(maps('session') ? [SESSIONS] : []),
    ...(maps('finding') ? [DETECTED] : []),
  ];
  for (const { sql } of incoming) await connection.run(sql);
  await noteStreams(connection);
  for (const mapping of mappings) await mapRecords(connection, mapping);
  await expectAllMapped(connection, group, first);
  await applyFindings(connection, first);
  if (hasVersions) await applyEntities(connection);
  for (const mapping of mappings) await mapVersions(connection, mapping, first);
  if (maps('figure')) await applyFigures(connection);
  if (maps('session')) await applySessions(connection);
  if (maps('finding')) await applyDetected(connection);
  const counted = [
    '(select count(*) from internal.events where seq >= $first and seq > $after)',
    ...incoming.map(({ rows }) => rows),
  ];
  const { rows } = await firstRow(connection, `select ${counted.join(' + ')} as rows`, {
    first: BigInt(first),
    after: BigInt(countAfter),
  });
  const seq = Math.max(...group.map((batch) => batch.seq));
  await connection.run('update internal.meta set seq = $seq', { seq: BigInt(seq) });
  return Number(rows);
}
