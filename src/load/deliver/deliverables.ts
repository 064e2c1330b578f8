import type { DuckDBConnection } from '@duckdb/node-api';
import { syncToDisk } from '../../platform/durable.ts';
import { type Position, type Row, type RowFormat, WHOLE } from '../../sinks/port.ts';
import { dirname } from 'node:path';
import { firstRow, literal } from '../database.ts';
import { scratchPlaces } from '../scratch.ts';
import { DEFAULT_MEMORY_MB, memoryToRead, withMemory, withMemoryThroughout } from '../memory.ts';
import type { DeliverableTable } from '../tables.ts';
import { expectCurrent } from '../warehouse/current.ts';
import type { Published } from '../warehouse/published.ts';
import { openReadable, type Readable } from '../warehouse/readable-file.ts';
import { memoryToMake, PORTION, portionsOf, type Size, sizes } from './portions.ts';
import { columnsOf, deliverySql, type Ocsf, parquetSql, selectSql } from './selects.ts';

/** A generation that one receiver is served from. Takes one call at a time. */
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

const SETTINGS = { threads: '1', preserve_insertion_order: 'true' };

/**
 * Opens a published generation.
 *
 * @throws AuditlakeError `incomplete` if another version made it
 */
export async function openDeliverables(
  published: Published,
  ocsf: Ocsf,
  onMessage: (text: string) => void,
): Promise<Deliverables> {
  expectCurrent(published);
  const allowed = { folders: scratchPlaces(dirname(dirname(published.path))) };
  const how = { settings: SETTINGS, allowed, asMade: 'whole' } as const;
  const readable = await openReadable(published.path, how, onMessage);
  return deliverablesOf(readable, ocsf, published.widest);
}

function deliverablesOf(readable: Readable, ocsf: Ocsf, widest: number): Deliverables {
  const { connection, close } = readable;
  const toRead = memoryToRead(widest);
  const measured = (table: DeliverableTable, after: number, to: number): Promise<Size[]> =>
    withMemory(connection, DEFAULT_MEMORY_MB + toRead, () => sizes(connection, table, after, to));
  const cuts: Deliverables['cuts'] = async (table, after, to, rows) =>
    portionsOf(await measured(table, after, to), to, { rows, bytes: Infinity }).map(
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
      for (const portion of portionsOf(await measured(table, from, to), to, PORTION)) {
        const sql = selectSql(table, last, portion.to);
        const megabytes = memoryToMake(format, portion.bytes) + toRead;
        await withMemory(connection, megabytes, () =>
          connection.run(`create or replace temp table rows as ${sql}`),
        );
        const made = await deliverySql(connection, table, format, ocsf);
        let at = after;
        yield* withMemoryThroughout(connection, megabytes, async function* () {
          const left = `from (${made}) where (seq, n) > (${at.seq}, ${at.n}) order by seq, n`;
          for await (const rows of streamed(connection, left)) {
            at = rows.at(-1)?.position ?? at;
            yield rows;
          }
        });
        last = portion.to;
      }
      await connection.run('drop table if exists temp.rows');
    },
    async parquet(table, file, after, to, { first, last } = { first: 0, last: WHOLE }) {
      const all = selectSql(table, after, to);
      const sql = `select * from (${all}) where n between ${first} and ${last}`;
      const columns = (await columnsOf(connection, `(${sql})`)).map(parquetSql);
      const copied = await withMemory(connection, DEFAULT_MEMORY_MB + toRead, () =>
        connection.runAndReadAll(
          `copy (select ${columns.join(', ')} from (${sql})) to ${literal(file)} (
             format parquet, parquet_version v1, compression zstd, row_group_size 10240, use_tmp_file false
           )`,
        ),
      );
      await syncToDisk(file);
      return { rows: Number(copied.getRows()[0]?.[0] ?? 0) };
    },
    close,
  };
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
