import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Millis, StatedStream, StreamKind } from '../model.ts';
import { openDatabase } from '../load/database.ts';
import { jsonValue } from '../load/query/json-values.ts';
import { loadLedger } from '../load/warehouse/ledger-table.ts';
import { createCoverage, createProgress } from '../load/warehouse/schema.ts';

/** `unknown`: before the first day of the stream, of which nothing was read. */
export type DayState = 'complete' | 'provisional' | 'gap' | 'unknown';

/** Consecutive days of a stream in the same state. */
export type CoveredDays = {
  source: string;
  stream: string;
  /** UTC days, both included. */
  from: string;
  to: string;
  days: number;
  state: DayState;
  reason: string;
  note: string | null;
};

/** How far a stream was read, and how long the vendor keeps it. Instants in ms. */
export type StreamReading = {
  source: string;
  stream: string;
  kind: StreamKind;
  /** According to the last run. */
  isRequired: boolean;
  /** The vendor froze it: it is read once and never again. */
  isFrozen: boolean;
  /** The last run met a period that the vendor had yet to report on: the watermark is where it begins. */
  isAwaiting: boolean;
  watermark: Millis | null;
  /** The archive has what the vendor had up to then. */
  readTo: Millis | null;
  /** The last measurement, if there was one. `keptFor` is null as long as the vendor has purged nothing. */
  retention: { oldestServed: Millis; measuredAt: Millis; keptFor: Millis | null } | null;
};

export type Coverage = { days: CoveredDays[]; streams: StreamReading[] };

const MEMORY_MB = 1024;

const DAYS = `
select source, stream, min(day) as "from", max(day) as "to", count(*)::integer as days, state, reason, note
from (
  select
    *,
    day - (row_number() over (partition by source, stream, state, reason, note order by day))::integer as island
  from coverage_as_of(make_timestamp_ms($now::bigint) at time zone 'UTC', to_milliseconds($late::bigint))
)
group by source, stream, state, reason, note, island
order by source, stream, "from"`;

const STREAMS = `
with runs_of_streams as (
  select
    source, stream, epoch_ms(max(finished_at) filter (outcome = 'complete')) as completed,
    max_by(required, seq) as required, max_by(awaited, seq) as awaited
  from internal.run_streams
  where job = 'sync'
  group by all
)
select
  source, stream, coalesce(p.stream_kind, 'snapshot') as kind, coalesce(p.is_frozen, false) as is_frozen,
  coalesce(r.required, false) as is_required, coalesce(r.awaited, 0) > 0 as is_awaiting,
  epoch_ms(p.watermark) as watermark,
  if(p.source is null, r.completed, epoch_ms(p.read_to)) as read_to,
  epoch_ms(m.oldest_served) as oldest_served,
  epoch_ms(m.measured_at) as measured_at,
  epoch_ms(m.measured_at) - epoch_ms(m.served_since) as kept_for
from runs_of_streams r
full join internal.stream_progress p using (source, stream)
left join (from internal.stream_retention where is_latest) m using (source, stream)
order by source, stream`;

type Ledger = { files: string[]; seq: number };

/**
 * Computes the coverage from the ledger itself, because a run without news makes no generation: the warehouse may not know the
 * last runs.
 *
 * @param stated what is known of streams that have brought nothing
 * @param late how far behind the next run may be, in ms
 */
export async function coverageOf(
  ledger: Ledger,
  stated: readonly StatedStream[],
  { now, late }: { now: Millis; late: number },
): Promise<Coverage> {
  return await withLedger(
    ledger,
    (made) => createCoverage(made, stated),
    async (connection) => {
      const values = { now: BigInt(now), late: BigInt(late) };
      const days = (await rows(connection, DAYS, values)) as CoveredDays[];
      return { days, streams: await readingsIn(connection) };
    },
  );
}

/** The same without the days, which take most of the time. */
export async function readingsOf(
  ledger: Ledger,
  stated: readonly StatedStream[],
): Promise<StreamReading[]> {
  return await withLedger(ledger, (made) => createProgress(made, stated), readingsIn);
}

/** @param create makes the tables for the ledger, and the views that the work wants */
async function withLedger<T>(
  ledger: Ledger,
  create: (connection: DuckDBConnection) => Promise<void>,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const spill = await mkdtemp(join(tmpdir(), 'auditlake-coverage-'));
  try {
    const { connection, close } = await openDatabase(':memory:', { spill, memoryMb: MEMORY_MB });
    try {
      await create(connection);
      await loadLedger(connection, ledger);
      return await work(connection);
    } finally {
      close();
    }
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

async function readingsIn(connection: DuckDBConnection): Promise<StreamReading[]> {
  return (await rows(connection, STREAMS)).map(readingOf);
}

function readingOf(row: Record<string, unknown>): StreamReading {
  const at = (name: string): Millis | null => (row[name] === null ? null : Number(row[name]));
  const oldestServed = at('oldest_served');
  const measuredAt = at('measured_at');
  return {
    source: String(row['source']),
    stream: String(row['stream']),
    kind: row['kind'] as StreamKind,
    isRequired: row['is_required'] === true,
    isFrozen: row['is_frozen'] === true,
    isAwaiting: row['is_awaiting'] === true,
    watermark: at('watermark'),
    readTo: at('read_to'),
    retention:
      oldestServed === null || measuredAt === null
        ? null
        : { oldestServed, measuredAt, keptFor: at('kept_for') },
  };
}

async function rows(
  connection: DuckDBConnection,
  sql: string,
  values?: Record<string, DuckDBValue>,
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)])),
    );
}
