/** What the guide for vendors says of mappings is what mappings do. */
import { expect, onTestFinished, test } from 'vitest';
import { REGISTRY } from '../../src/config/registry.ts';
import { TARGETS } from '../../src/load/tables/targets.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { emptyWarehouse } from './empty-warehouse.ts';

const RECORDS = `create temp table records (
  source varchar, vendor varchar, organization_id varchar, stream varchar, key varchar, time timestamptz,
  seen_at timestamptz, context json, record json, raw_altered boolean, seq bigint, n bigint)`;
const VERSIONS = 'create temp view versions as select * from internal.entity_versions';

test('every mapping selects columns of its target, from the relations of the guide', async () => {
  const transform = transformOf(REGISTRY.vendors);
  const { connection, close } = await emptyWarehouse(transform);
  onTestFinished(close);
  await connection.run(RECORDS);
  await connection.run(VERSIONS);
  const targets = new Set<string>();
  for (const { vendor, stream, target, sql } of transform.mappings) {
    const reader = await connection.runAndReadAll(`describe (\n${sql}\n)`);
    const names = reader.getRows().map(([name]) => String(name));
    const stray = names.filter((name) => !(name in TARGETS[target]));
    expect([vendor, stream, target, stray]).toEqual([vendor, stream, target, []]);
    expect(names).toEqual(expect.arrayContaining(['seq', 'n']));
    targets.add(target);
  }
  expect([...targets].toSorted()).toEqual(Object.keys(TARGETS).toSorted());
});
