/** What the engines call the same. Types are keyed by DuckDB's. */

export const DUCKDB = {
  quoted: (name) => `"${name}"`,
  text: (sql) => `(${sql})::varchar`,
  micros: (sql) => `epoch_us(${sql})`,
  bytes: (sql) => `strlen(${sql})`,
  whole: (sql) => `(${sql})::hugeint`,
  instant: (text) => `timestamptz '${text}'`,
};

export const CLICKHOUSE = {
  quoted: (name) => `\`${name}\``,
  text: (sql) => `toString(${sql})`,
  micros: (sql) => `toUnixTimestamp64Micro(${sql})`,
  bytes: (sql) => `length(${sql})`,
  whole: (sql) => `toInt128(${sql})`,
  instant: (text) => `toDateTime64('${text.slice(0, 19).replace('T', ' ')}', 6, 'UTC')`,
  types: {
    VARCHAR: 'Nullable(String)',
    BIGINT: 'Nullable(Int64)',
    DOUBLE: 'Nullable(Float64)',
    BOOLEAN: 'Nullable(Bool)',
    'TIMESTAMP WITH TIME ZONE': "Nullable(DateTime64(6, 'UTC'))",
  },
};

export const SPARK = {
  quoted: (name) => `\`${name}\``,
  text: (sql) => `cast(${sql} as string)`,
  micros: (sql) => `unix_micros(${sql})`,
  bytes: (sql) => `octet_length(${sql})`,
  whole: (sql) => `cast(${sql} as decimal(38, 0))`,
  instant: (text) => `timestamp '${text}'`,
  types: {
    VARCHAR: 'string',
    BIGINT: 'bigint',
    DOUBLE: 'double',
    BOOLEAN: 'boolean',
    'TIMESTAMP WITH TIME ZONE': 'timestamp',
  },
};
