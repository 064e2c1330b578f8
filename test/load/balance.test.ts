import { expect, onTestFinished, test } from 'vitest';
import { beginGeneration } from '../../src/load/warehouse/begin.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { TestArchive } from './archive.ts';

const EVENT = {
  key: '1',
  time: '2026-03-01T10:00:00.000Z',
  record: { id: '1', timestamp: '2026-03-01T10:00:00.000Z', eventType: 'user.login' },
};

test('a batch with fewer records than the ledger says is not loaded as if it were whole', async () => {
  const archive = await TestArchive.make();
  await archive.add('audit-logs', [EVENT]);
  const [batch] = archive.batches;
  if (batch === undefined) throw new Error('there is no batch');
  archive.batches[0] = { ...batch, records: 2 };
  await expect(archive.load()).rejects.toMatchObject({
    code: 'unbalanced',
    exit: 1,
    message: expect.stringContaining('2 records, the warehouse would get 1'),
  });
});

test('a mapping that drops a record is noticed', async () => {
  const archive = await TestArchive.make();
  await archive.add('audit-logs', [EVENT, { ...EVENT, key: '2' }]);
  const transform = transformOf(VENDORS);
  const mappings = transform.mappings.map((mapping) =>
    mapping.stream === 'audit-logs'
      ? { ...mapping, sql: `select * from (${mapping.sql}) where n % 2 = 0` }
      : mapping,
  );
  const options = { ...archive.options, transform: { ...transform, mappings } };
  const generation = await beginGeneration(options, { fresh: true, published: null });
  onTestFinished(() => generation.finish());
  await expect(generation.apply(archive.batches)).rejects.toMatchObject({
    code: 'unbalanced',
    exit: 1,
  });
});
