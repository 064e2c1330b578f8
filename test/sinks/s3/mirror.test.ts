import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openS3 } from '../../../src/sinks/s3/sink.ts';
import { toolsFor } from '../delivery.ts';
import { bucketWith } from './bucket.ts';
import { day, fixedDay, testHome } from '../home.ts';
import { expectMirrored, mirror, watch } from './mirrored.ts';

const MANIFEST = 'auditlake/lake/manifest.json';

test('a home is there byte for byte, the manifest after all it names', async () => {
  const bucket = await bucketWith();
  watch(bucket);
  const home = await testHome(70);
  await home.nextMonth();
  await home.commit();
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two' });
  const { asked, warnings } = await mirror(home, bucket);
  expectMirrored(home, bucket);
  expect(warnings).toEqual([]);
  expect(home.reached).toBe(home.files().to);
  expect(home.counted).toBe(home.content.size);
  const puts = asked.filter((one) => one.startsWith('PUT') && !one.endsWith('_pending.json'));
  expect(puts.at(-1)).toBe(`PUT ${MANIFEST}`);
});

test('a second run asks for the manifest, the journal and the open segment, and writes nothing', async () => {
  const bucket = await bucketWith();
  const home = await testHome(5);
  await home.lake({ [day(1)]: 'one' });
  await mirror(home, bucket);
  expect((await mirror(home, bucket)).asked).toEqual([
    `GET ${MANIFEST}`,
    'GET auditlake/lake/_pending.json',
    'HEAD auditlake/archive/ledger/2026-01.ndjson',
  ]);
});

test('later runs bring what is new, replace what changed and remove what is gone', async () => {
  const bucket = await bucketWith();
  watch(bucket);
  const home = await testHome(3);
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two', [day(3)]: 'three' });
  await mirror(home, bucket);
  await home.commit();
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two again', [day(4)]: 'four' });
  const { asked } = await mirror(home, bucket);
  expectMirrored(home, bucket);
  const lake = asked.filter((one) => one.includes(' auditlake/lake/') && !one.startsWith('GET'));
  const barrier = 'auditlake/lake/audit_events/src=tabnine/month=2026-01/read-again.parquet';
  const news = [fixedDay(2, 'two again'), fixedDay(4, 'four')].map(
    (path) => `PUT auditlake/lake/${path}`,
  );
  expect(lake.slice(0, 1)).toEqual(['PUT auditlake/lake/_pending.json']);
  expect(lake.slice(1, 3).toSorted()).toEqual(news.toSorted());
  // Whoever lists the folder finds what was there, a barrier, or what is there now.
  expect(lake.slice(3, 5)).toEqual([`PUT ${barrier}`, `DELETE auditlake/lake/${day(3)}`]);
  expect(lake.slice(5, 7).toSorted()).toEqual([
    `PUT auditlake/lake/${day(2)}`,
    `PUT auditlake/lake/${day(4)}`,
  ]);
  expect(lake.slice(7)).toEqual([
    `DELETE ${barrier}`,
    `PUT ${MANIFEST}`,
    'DELETE auditlake/lake/_pending.json',
  ]);

  // What was replaced stays for whoever reads by the manifest before, until the next change.
  const former = [fixedDay(2, 'two'), fixedDay(3, 'three')].map((path) => `auditlake/lake/${path}`);
  expect(former.every((key) => bucket.objects.has(key))).toBe(true);
  await home.lake({ [day(1)]: 'one more', [day(2)]: 'two again', [day(4)]: 'four' });
  const { asked: later } = await mirror(home, bucket);
  expectMirrored(home, bucket);
  expect(later.filter((one) => one.startsWith('DELETE')).toSorted()).toEqual(
    [...former, 'auditlake/lake/_pending.json'].map((key) => `DELETE ${key}`).toSorted(),
  );
});

test('a segment that was open when it came is completed when it is closed', async () => {
  const bucket = await bucketWith();
  watch(bucket);
  const home = await testHome(2);
  await mirror(home, bucket);
  await home.commit();
  await home.nextMonth();
  await home.commit();
  await mirror(home, bucket);
  expectMirrored(home, bucket);
});

test('a home whose place is forgotten finds everything there', async () => {
  const bucket = await bucketWith();
  watch(bucket);
  const home = await testHome(10);
  await mirror(home, bucket);
  home.reached = 0;
  const objects = new Map(bucket.objects);
  await mirror(home, bucket);
  expect(bucket.objects).toEqual(objects);
});

test('a copy begun with another tool, without hashes, is read and accepted', async () => {
  const bucket = await bucketWith();
  const home = await testHome(4);
  for (const [path, text] of home.content) bucket.put(`auditlake/${path}`, text);
  await home.commit();
  await mirror(home, bucket);
  expectMirrored(home, bucket);
});

test('a batch that was altered in the bucket is an integrity error, and stays for the evidence', async () => {
  const bucket = await bucketWith();
  const home = await testHome(6);
  const path = [...home.content.keys()].find((one) => one.includes('000000000004')) ?? '';
  const text = home.content.get(path) ?? '';
  const altered = `forged${text.slice(6)}`;
  bucket.put(`auditlake/${path}`, altered);
  await expect(mirror(home, bucket)).rejects.toMatchObject({
    exit: 5,
    message: expect.stringMatching(
      /s3:\/\/acme-ai-audit\/auditlake\/archive\/.*000000000004.*there [0-9a-f]{64}.*here [0-9a-f]{64}/,
    ),
  });
  expect(bucket.text(`auditlake/${path}`)).toBe(altered);
  expect(home.reached).toBeLessThan(4);
});

test.each([
  ['shorter than what is there', (text: string) => text.slice(0, -30)],
  ['as long, but another', (text: string) => text.replace('open', 'OPEN')],
  ['longer, but with another beginning', (text: string) => `${text.replace('open', 'OPEN')}more\n`],
])('a local ledger that is %s is an integrity error, and replaces nothing', async (_, cut) => {
  const bucket = await bucketWith();
  const home = await testHome(3);
  await mirror(home, bucket);
  const key = 'archive/ledger/2026-01.ndjson';
  const there = bucket.text(`auditlake/${key}`) ?? '';
  await home.write(key, cut(there));
  await expect(mirror(home, bucket)).rejects.toMatchObject({ exit: 5 });
  expect(bucket.text(`auditlake/${key}`)).toBe(there);
});

test('a file that is not what was recorded is not stored', async () => {
  const bucket = await bucketWith();
  const home = await testHome(3);
  const [, path = ''] = [...home.content.keys()];
  const files = home.files();
  await writeFile(
    join(home.folder, path),
    (home.content.get(path) ?? '').replace('batch', 'BATCH'),
  );
  const sink = openS3('bucket', bucket.options);
  await expect(sink.mirror(files, toolsFor())).rejects.toMatchObject({
    exit: 5,
    message: expect.stringContaining(path),
  });
  await sink.close();
  expect(bucket.objects.has(`auditlake/${path}`)).toBe(false);
});

test('a manifest in the bucket makes nothing but data of the lake go away', async () => {
  const bucket = await bucketWith();
  const home = await testHome(2);
  await home.lake({ [day(1)]: 'one' });
  await mirror(home, bucket);
  const archived = [...home.content.keys()][1] ?? '';
  bucket.put('auditlake/lake/_pending.json', JSON.stringify({ pending: [archived, 'lake/notes'] }));
  bucket.put(
    MANIFEST,
    JSON.stringify({
      files: [
        { path: `../${archived}`, sha256: '' },
        { path: 'a/../b.parquet', sha256: '' },
      ],
    }),
  );
  const { asked } = await mirror(home, bucket);
  expect(asked.filter((one) => one.startsWith('DELETE'))).toEqual([
    'DELETE auditlake/lake/_pending.json',
  ]);
  expectMirrored(home, bucket);
});
