/** What parameters can name is found in every warehouse, also in one without a row. */
import { expect, test } from 'vitest';
import { withEmptyWarehouse } from '../../src/load/query/empty-warehouse.ts';
import { NAMED_KINDS, nearestTo, sayingsOf } from '../../src/questions/named.ts';

test('the names of every kind can be asked for', async () => {
  await withEmptyWarehouse(async (connection) => {
    for (const kind of NAMED_KINDS) {
      for (const sql of [sayingsOf(kind), nearestTo(kind)]) {
        if (sql === null) continue;
        const reader = await connection.runAndReadAll(sql, { given: 'ann@acme.test' });
        expect({ kind, columns: reader.columnNames() }).toEqual({ kind, columns: ['said'] });
      }
    }
  });
});
