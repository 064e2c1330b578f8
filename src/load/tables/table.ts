import type { DeliveredTable } from '../../sinks/port.ts';

type ColumnType =
  | 'varchar'
  | 'varchar[]'
  | 'bigint'
  | 'double'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'json';

/** `like` is a table that has the same column, where its comment tells more than this one. */
export type Column = { type: ColumnType; comment: string | null; like?: string };

/** In their order. */
export type Columns = Readonly<Record<string, Column>>;

/** How a table goes into the lake: a file of Parquet per source and UTC day of the table's `time`. */
export type LakeOptions = {
  /** SQL to order by. Rows that it does not tell apart are equal in every column. */
  order: string;
  /** SQL of the column that takes most of the room: the work is cut by its size. */
  widest: string;
  /** A row holds until a later one replaces it: no day of the table is dropped for its age. */
  lasting?: true;
};

/** How a table goes to receivers. `deliver/<name>.sql` selects its rows. */
export type DeliveryOptions = Omit<DeliveredTable, 'name'> & {
  /** The relation that has its rows, with their `seq`. */
  from: string;
  /** What a row takes, in bytes, as SQL over that relation. */
  bytes: string;
};

/** A table or view of the warehouse. What is in the schema `internal` is nobody's to query and may change. */
export type Table = {
  name: string;
  schema: 'main' | 'internal';
  kind: 'table' | 'view';
  /** What one row is. */
  comment: string;
  columns: Columns;
  /** The columns that name a row, in the order in which rows are named. */
  key: readonly string[];
  /** The column with the instant at which a row counts; null where there is none. */
  time: string | null;
  lake?: LakeOptions;
  delivery?: DeliveryOptions;
};

type Facts = Omit<Table, 'name' | 'schema' | 'kind' | 'comment' | 'time'> & { time?: string };

const described =
  (schema: Table['schema'], kind: Table['kind']) =>
  (name: string, comment: string, { time, ...facts }: Facts): Table => ({
    name,
    schema,
    kind,
    comment,
    time: time ?? null,
    ...facts,
  });

export const view = described('main', 'view');
export const table = described('main', 'table');
export const internal = described('internal', 'table');

const column =
  (type: ColumnType) =>
  (comment: string | null = null): Column => ({ type, comment });

export const text = column('varchar');
export const texts = column('varchar[]');
export const integer = column('bigint');
export const number = column('double');
export const flag = column('boolean');
export const date = column('date');
/** An instant, and one without a zone, which is UTC. */
export const instant = column('timestamptz');
export const utc = column('timestamp');
export const json = column('json');

/** Columns of another table that mean the same in this one. */
export function like(of: string, columns: Columns, names: readonly string[]): Columns {
  return Object.fromEntries(
    names.map((name) => {
      const found = columns[name];
      if (found === undefined) throw new Error(`${of} has no column ${name}`);
      return [name, { ...found, like: of }];
    }),
  );
}

/** Every row of the warehouse that came from the archive says so. */
export const SOURCE = { source: text('the configured name of the account at the vendor') };
export const SEQ = {
  seq: integer(
    'the number of the ledger line that brought the row; the archive has the exact bytes',
  ),
};
