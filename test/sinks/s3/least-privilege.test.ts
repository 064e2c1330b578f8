/** With the policy of docs/object-storage.md AWS says 403 of what is not there, and obeys the condition of a write. */
import { expect, onTestFinished, test } from 'vitest';
import { growSegment, writeOnce } from '../../../src/sinks/s3/archive.ts';
import { Bucket } from '../../../src/sinks/s3/bucket.ts';
import { clientOf, loadSdk } from '../../../src/sinks/s3/client.ts';
import { mirrorLake, readLake } from '../../../src/sinks/s3/lake.ts';
import { requestsTo } from '../../../src/sinks/s3/requests.ts';
import { toolsFor } from '../delivery.ts';
import { bucketWith } from './bucket.ts';
import { day, testHome } from '../home.ts';
import { expectMirrored, watch } from './mirrored.ts';

async function onAws(denied: string[]) {
  const double = await bucketWith({ mayList: false, denied });
  watch(double);
  const sdk = await loadSdk();
  const client = clientOf(sdk, double.options, 4);
  onTestFinished(() => client.destroy());
  const aws = new Bucket(requestsTo(sdk, client, double.options, toolsFor()), true);
  const home = await testHome(2);
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two' });
  const run = async (): Promise<void> => {
    const remote = await readLake(aws);
    const files = home.files();
    const { changing, manifest, home: folder } = files;
    for await (const file of files.fixed(0)) await writeOnce(aws, folder, file);
    const [segment, ...days] = changing;
    if (segment === undefined || manifest === null) throw new Error('the home is not whole');
    await growSegment(aws, folder, segment);
    await mirrorLake(aws, { home: folder, files: days, manifest, remote }, 4);
  };
  return { double, home, run };
}

test('without permission to list', async () => {
  const { double, home, run } = await onAws(['DELETE auditlake/archive/']);
  await run();
  expectMirrored(home, double);
  // Each file went once: nobody asked whether it was there, nobody tried twice.
  expect(double.asked.filter((one) => /^\w+ .*gz$/.test(one)).map((one) => one[0])).toEqual([
    'P',
    'P',
  ]);
  await home.commit();
  await home.lake({ [day(1)]: 'one again' });
  await run();
  expectMirrored(home, double);
});

test('without permission to read, what cannot be compared is for a person', async () => {
  const { double, run } = await onAws(['GET auditlake/archive/']);
  await run();
  await expect(run()).rejects.toMatchObject({
    exit: 4,
    hint: expect.stringContaining('s3:GetObject'),
  });
  expect(double.asked.some((one) => one.startsWith('DELETE auditlake/archive/'))).toBe(false);
});
