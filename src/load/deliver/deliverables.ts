import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { syncToDisk } from '../../platform/durable.ts';
import { type Position, type Row, type RowFormat, WHOLE } from '../../sinks/port.ts';
import { type Database, firstRow, literal } from '../database.ts';
import { DELIVERABLES, type DeliverableTable } from '../tables.ts';
import type { Published } from '../warehouse/published.ts';
import { type ReadableFile, readableFile } from '../warehouse/readable-file.ts';
import { type ColumnOf, rowJsonSql } from './row-json.ts';

/** A generation that one receiver is served from. Not to be asked two things at once. */
export type Deliverables = {
  /** Rows after a position, up to and with a seq. */
  count(table: DeliverableTable, after: Position, to: number): Promise<number>;
  /** The same, in the order of their positions and in portions of up to 2,048, read while they are asked for. */
  rows(
    table: DeliverableTable,
    format: RowFormat,
    after: Position,
    to: number,
  ): AsyncGenerator<Row[], void, undefined>;
  /** Rows of the seqs in (`after`, `to`] as a Parquet file, JSON as text. */
  parquet(
    table: DeliverableTable,
    file: string,
    after: number,
    to: number,
    lines?: { first: number; last: number },
  ): Promise<{ rows: number }>;
  /** Seqs in (`after`, `to`], ascending and ending with `to`, between which there are about `rows` rows. */
  cuts(table: DeliverableTable, after: number, to: number, rows: number): Promise<number[]>;
  close(): Promise<void>;
};

// Names are resolved once for so many rows, which takes a while however few there are. A batch is not cut.
const PORTION = { rows: 20_000, bytes: 16 * 2 ** 20 };

const SETTINGS = { threads: '1', preserve_insertion_order: 'true' };

/**
 * In MB, and how often a row's bytes are there on the way. An OCSF event is made of many objects: measured, 2,048 small
 * ones take 190 MB.
 */
const MEMORY: Record<RowFormat, { base: number; copies: number }> = {
  auditlake: { base: 96, copies: 8 },
  ocsf: { base: 384, copies: 24 },
};

/**
 * Opens a published generation.
 *
 * @param ocsf SQL over a relation `rows` with the columns of audit_events and `n`, giving seq, n, event_uid, revision,
 *   occurred_at and json
 */
export async function openDeliverables(
  published: Published,
  ocsf: string,
  onMessage: (text: string) => void,
): Promise<Deliverables> {
  const readable = await readableFile(published.path, onMessage);
  try {
    return deliverablesOf(await readable.open(SETTINGS), readable, ocsf);
  } catch (error) {
    await readable.remove();
    throw error;
  }
}

function deliverablesOf(
  { connection, close }: Database,
  readable: ReadableFile,
  ocsf: string,
): Deliverables {
  const cuts: Deliverables['cuts'] = async (table, after, to, rows) =>
    portionsOf(await sizes(connection, table, after, to), to, { rows, bytes: Infinity }).map(
      (portion) => portion.to,
    );

  return {
    cuts,
    async count(table, { seq, n }, to) {
      const { whole } = await firstRow(
        connection,
        `select count(*)::double as whole from ${table.from} where seq > ${seq} and seq <= ${to}`,
      );
      if (n === WHOLE) return Number(whole);
      const { part } = await firstRow(
        connection,
        `select count(*)::double as part from (${selectSql(table, seq - 1, Math.min(seq, to))}) where n > ${n}`,
      );
      return Number(whole) + Number(part);
    },
    async *rows(table, format, after, to) {
      const from = after.n === WHOLE ? after.seq : after.seq - 1;
      let last = from;
      for (const portion of portionsOf(await sizes(connection, table, from, to), to, PORTION)) {
        const sql = selectSql(table, last, portion.to);
        await allowMemory(connection, format, portion.bytes);
        await connection.run(`create or replace temp table rows as ${sql}`);
        const made = format === 'ocsf' ? ocsf : `from (${await madeSql(connection, table)})`;
        yield* streamed(
          connection,
          `select seq::double, n::double, ${format === 'ocsf' ? OCSF_COLUMNS : OWN_COLUMNS} from (\n${made}\n)
           where (seq, n) > (${after.seq}, ${after.n}) order by seq, n`,
        );
        last = portion.to;
      }
      await connection.run('drop table if exists temp.rows');
    },
    async parquet(table, file, after, to, { first, last } = { first: 0, last: WHOLE }) {
      const all = selectSql(table, after, to);
      const sql = `select * from (${all}) where n between ${first} and ${last}`;
      const columns = (await columnsOf(connection, `(${sql})`)).map(parquetSql);
      const copied = await connection.runAndReadAll(
        `copy (select ${columns.join(', ')} from (${sql})) to ${literal(file)} (
           format parquet, parquet_version v1, compression zstd, row_group_size 10240, use_tmp_file false
         )`,
      );
      await syncToDisk(file);
      return { rows: Number(copied.getRows()[0]?.[0] ?? 0) };
    },
    async close() {
      close();
      await readable.remove();
    },
  };
}

const millis = (column: string): string =>
  `(case when isfinite(${column}) then epoch_ms(${column}) end)::double`;
const OWN_COLUMNS = 'uid, revision::double, time, json';
const OCSF_COLUMNS = `event_uid, revision::double, ${millis('occurred_at')}, json`;

const SELECTS = Object.fromEntries(
  DELIVERABLES.map(({ name }) => [
    name,
    readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8'),
  ]),
);

/** Ours and numbers: COPY takes no parameters. */
function selectSql(table: DeliverableTable, after: number, to: number): string {
  const sql = SELECTS[table.name] ?? '';
  return `\n${sql.replace('$after', String(after)).replace('$to', String(to))}\n`;
}

/** What is in `rows`, as a receiver gets it. */
async function madeSql(connection: DuckDBConnection, table: DeliverableTable): Promise<string> {
  const { uid, time } = table;
  const json = rowJsonSql(await columnsOf(connection, 'rows'));
  return `select seq, n, ${uid} as uid, revision, ${millis(time)} as time, ${json} as json from rows`;
}

/** All but `n`, which is about the delivery. */
async function columnsOf(connection: DuckDBConnection, relation: string): Promise<ColumnOf[]> {
  const reader = await connection.runAndReadAll(`describe select * exclude (n) from ${relation}`);
  return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

function parquetSql({ name, type }: ColumnOf): string {
  const column = `"${name}"`;
  if (type === 'JSON') return `${column}::varchar as ${column}`;
  if (type !== 'TIMESTAMP WITH TIME ZONE') return column;
  // Warehouses that a sink fills know the years 1 to 9999, and refuse a file with others.
  return `case when ${column} >= timestamptz '0001-01-01 00:00:00Z' and ${column} < timestamptz '10000-01-01 00:00:00Z'
    then ${column} end as ${column}`;
}

type Size = { seq: number; rows: number; bytes: number };

async function sizes(
  connection: DuckDBConnection,
  table: DeliverableTable,
  after: number,
  to: number,
): Promise<Size[]> {
  const { from, bytes } = table;
  const reader = await connection.runAndReadAll(
    `select seq::double, count(*)::double, sum(coalesce(${bytes}, 0))::double from ${from}
     where seq > ${after} and seq <= ${to} group by seq order by seq`,
  );
  return reader
    .getRows()
    .map(([seq, rows, size]) => ({ seq: Number(seq), rows: Number(rows), bytes: Number(size) }));
}

/** Parts that end with a seq each, the last one with `to`: of no more than the limit, unless one seq alone has more. */
export function portionsOf(
  seqs: readonly Size[],
  to: number,
  limit: { rows: number; bytes: number },
): { to: number; bytes: number }[] {
  const portions: { to: number; bytes: number }[] = [];
  let [rows, bytes, last] = [0, 0, 0];
  for (const size of seqs) {
    if (rows > 0 && (rows + size.rows > limit.rows || bytes + size.bytes > limit.bytes)) {
      portions.push({ to: last, bytes });
      [rows, bytes] = [0, 0];
    }
    rows += size.rows;
    bytes += size.bytes;
    last = size.seq;
  }
  return [...portions, { to, bytes }];
}

/** Several receivers are served side by side, so that none gets more than it needs. */
async function allowMemory(
  connection: DuckDBConnection,
  format: RowFormat,
  bytes: number,
): Promise<void> {
  const { base, copies } = MEMORY[format];
  const megabytes = base + Math.ceil((bytes * copies) / 2 ** 20);
  await connection.run(`set memory_limit = '${megabytes}MB'`);
}

async function* streamed(connection: DuckDBConnection, sql: string): AsyncGenerator<Row[]> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows().map(([seq, n, uid, revision, time, json]): Row => ({
      position: { seq: Number(seq), n: Number(n) },
      uid: String(uid),
      revision: Number(revision),
      time: time === null || time === undefined ? null : Number(time),
      json: String(json),
    }));
  }
}
