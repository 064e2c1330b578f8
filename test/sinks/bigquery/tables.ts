/** The double's tables: what the API says of them, with what is in them kept by the engine. */
import type { Engine, Field } from './engine.ts';
import { ApiFault } from './fault.ts';

export type TableResource = {
  tableReference: { projectId: string; datasetId: string; tableId: string };
  schema?: { fields: Field[] };
  timePartitioning?: { type: string; field: string };
  clustering?: { fields: string[] };
  creationTime: string;
  expirationTime?: string;
};

export class Tables {
  readonly #engine: Engine;
  readonly #tables = new Map<string, TableResource>();
  #clock = 1_700_000_000_000;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get names(): string[] {
    return [...this.#tables.keys()];
  }

  get(id: string): TableResource {
    const table = this.#tables.get(id);
    if (table === undefined) throw new ApiFault(404, 'notFound', `Not found: Table ${id}`);
    return table;
  }

  async insert(request: TableResource): Promise<TableResource> {
    const { tableId } = request.tableReference;
    if (this.#tables.has(tableId)) {
      throw new ApiFault(409, 'duplicate', `Already Exists: Table ${tableId}`);
    }
    const fields = request.schema?.fields ?? [];
    const types = new Map(fields.map(({ name, type }) => [name, type]));
    const { timePartitioning, clustering } = request;
    if (timePartitioning !== undefined && types.get(timePartitioning.field) !== 'TIMESTAMP') {
      throw new ApiFault(400, 'invalid', 'The field specified for partitioning is no TIMESTAMP');
    }
    const clustered = clustering?.fields ?? [];
    if (clustered.length > 4 || clustered.some((name) => !types.has(name))) {
      throw new ApiFault(400, 'invalid', 'The fields specified for clustering are not valid');
    }
    await this.#engine.create(tableId, fields);
    const table = { ...request, creationTime: String((this.#clock += 1)) };
    this.#tables.set(tableId, table);
    return table;
  }

  /** Only what is named changes; a schema may grow, and only by columns that may be null. */
  async patch(id: string, change: Partial<TableResource>): Promise<TableResource> {
    const table = this.get(id);
    if (change.schema !== undefined) {
      const present = table.schema?.fields ?? [];
      const named = new Map(change.schema.fields.map((field) => [field.name, field]));
      const added = change.schema.fields.filter(
        ({ name }) => !present.some((field) => field.name === name),
      );
      if (
        present.some(({ name, type }) => named.get(name)?.type !== type) ||
        added.some(({ mode }) => mode === 'REQUIRED')
      ) {
        throw new ApiFault(400, 'invalid', `Provided Schema does not match Table ${id}`);
      }
      for (const field of added) await this.#engine.addColumn(id, field);
    }
    const changed = { ...table, ...change };
    this.#tables.set(id, changed);
    return changed;
  }

  async delete(id: string): Promise<void> {
    this.get(id);
    this.#tables.delete(id);
    await this.#engine.drop(id);
  }

  /** WRITE_TRUNCATE with CREATE_IF_NEEDED: the rows and the schema are new, the rest stays. */
  async loaded(tableId: string, parquet: Buffer): Promise<void> {
    const fields = await this.#engine.load(tableId, parquet);
    const former = this.#tables.get(tableId) ?? {
      tableReference: { projectId: '', datasetId: '', tableId },
      creationTime: String((this.#clock += 1)),
    };
    this.#tables.set(tableId, { ...former, schema: { fields } });
  }
}
