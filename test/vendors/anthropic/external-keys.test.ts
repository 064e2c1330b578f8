/** Keys of one's own: a change is a version, and what an item says under an unknown name is hidden. */
import { expect, test } from 'vitest';
import { Reading } from './support.ts';

test.each(['id', 'token'] as const)('a list that goes on by %s', async (by) => {
  const reading = await Reading.of({ events: 0 });
  const { vendor } = reading;
  Object.assign(vendor.quirks, { externalKeysBy: by, pageCap: 1 });
  const { streams } = await reading.sync(['external-keys']);
  expect(streams).toMatchObject([{ outcome: 'complete', new_records: 2 }]);
  const [key] = vendor.externalKeys;
  if (key === undefined) throw new Error('there is no key');
  // It moves by itself.
  key.last_validated_at = '2026-06-15T11:00:00Z';
  await reading.sync(['external-keys']);
  const versions = `select name, attributes ->> 'kms_key_arn' as arn from entity_history where entity_type = 'external_key' order by valid_from, name`;
  const before = await reading.query<{ name: string; arn: string }>(versions);
  expect(before).toHaveLength(2);
  for (const { arn } of before) expect(arn).toMatch(/^redacted:\d+:[0-9a-f]{32}$/);

  key.kms_key_arn = 'arn:aws:kms:eu-central-1:000000000000:key/of-somebody-else';
  reading.now += 3_600_000;
  await reading.sync(['external-keys']);
  const after = await reading.query<{ name: string; arn: string }>(versions);
  expect(after).toHaveLength(3);
  expect(new Set(after.map(({ arn }) => arn)).size).toBe(3);
});
