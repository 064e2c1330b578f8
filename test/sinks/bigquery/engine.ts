/** What the double of BigQuery does with tables: a DuckDB in memory that really loads and merges. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export type Field = { name: string; type: string; mode?: string };

const DUCKDB_TYPES: Record<string, string> = {
  STRING: 'VARCHAR',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  BYTES: 'BLOB',
};

export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #dataset: string;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, dataset: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#dataset = dataset;
  }

  static async open(project: string, dataset: string): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`set timezone = 'UTC'`);
    await connection.run(`attach ':memory:' as "${project}"`);
    await connection.run(`create schema "${project}"."${dataset}"`);
    await connection.run(`create macro safe_convert_bytes_to_string(bytes) as decode(bytes)`);
    return new Engine(instance, connection, `"${project}"."${dataset}"`);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async create(table: string, fields: Field[]): Promise<void> {
    // DuckDB has no table without columns, BigQuery has.
    if (fields.length === 0) return;
    const columns = fields.map(({ name, type }) => `"${name}" ${DUCKDB_TYPES[type]}`).join(', ');
    await this.#connection.run(`create table ${this.#path(table)} (${columns})`);
  }

  async addColumn(table: string, { name, type }: Field): Promise<void> {
    await this.#connection.run(
      `alter table ${this.#path(table)} add column "${name}" ${DUCKDB_TYPES[type]}`,
    );
  }

  async drop(table: string): Promise<void> {
    await this.#connection.run(`drop table if exists ${this.#path(table)}`);
  }

  /** Events that no load is taken with. */
  refused: readonly string[] = [];

  async #refuse(file: string): Promise<void> {
    const bad = await this.#connection.runAndReadAll(
      `select 1 from '${file}' where event_uid in (select unnest(from_json($refused, '["VARCHAR"]')))`,
      { refused: JSON.stringify(this.refused) },
    );
    if (bad.currentRowCount > 0) throw new Error('Error while reading data: a row is invalid');
  }

  /** WRITE_TRUNCATE. @returns the schema as the Parquet has it */
  async load(table: string, parquet: Buffer): Promise<Field[]> {
    const file = join(tmpdir(), `${randomUUID()}.parquet`);
    await writeFile(file, parquet);
    try {
      if (this.refused.length > 0) await this.#refuse(file);
      const reader = await this.#connection.runAndReadAll(
        `select name, type, converted_type from parquet_schema('${file}') offset 1`,
      );
      const fields = reader.getRows().map(([name, type, converted]) => ({
        name: String(name),
        type: bigqueryType(String(type), String(converted)),
        mode: 'NULLABLE',
      }));
      // Bytes that are marked as JSON are what the physical type says, to a reader that does not know the mark.
      const columns = fields.map(({ name, type }) =>
        type === 'BYTES' ? `encode("${name}"::varchar) as "${name}"` : `"${name}"`,
      );
      await this.#connection.run(
        `create or replace table ${this.#path(table)} as select ${columns.join(', ')} from '${file}'`,
      );
      return fields;
    } finally {
      await rm(file, { force: true });
    }
  }

  /** GoogleSQL as the sink writes it is DuckDB's SQL with other quotes. */
  async query(sql: string): Promise<unknown[][]> {
    const reader = await this.#connection.runAndReadAll(sql.replaceAll('`', '"'));
    return reader.getRowsJson();
  }

  #path(table: string): string {
    return `${this.#dataset}."${table}"`;
  }
}

function bigqueryType(physical: string, converted: string): string {
  if (physical === 'BYTE_ARRAY') return converted === 'UTF8' ? 'STRING' : 'BYTES';
  if (physical === 'INT64') return converted.startsWith('TIMESTAMP') ? 'TIMESTAMP' : 'INTEGER';
  const types: Record<string, string> = { INT32: 'INTEGER', DOUBLE: 'FLOAT', BOOLEAN: 'BOOLEAN' };
  const type = types[physical];
  if (type === undefined) throw new Error(`a Parquet column of type ${physical}`);
  return type;
}
