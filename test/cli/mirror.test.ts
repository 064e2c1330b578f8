/** The whole copy in a bucket is compared with the home. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerifyDocument } from '../../src/documents/verify.ts';
import { verifyMirror } from '../../src/runs/verify/mirror.ts';
import { homeFor, sandboxFor, type Home } from '../harness.ts';
import { type Bucket, bucketWith, type Traits } from '../sinks/s3/bucket.ts';
import { eventAt } from '../sync/support.ts';
import { long } from '../long.ts';

type Verified = { code: number | null; mirror: VerifyDocument['mirror'] };

async function mirrored(traits: Traits = {}): Promise<{
  home: Home;
  bucket: Bucket;
  compared: () => Promise<Verified>;
  /** The same without the rest of `verify`, which takes most of its time. */
  copyOnly: () => Promise<Verified['mirror']>;
}> {
  const sandbox = await sandboxFor({ events: 40, days: 4 });
  const bucket = await bucketWith(traits);
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  const { endpoint, region, prefix, forcePathStyle, accessKeyId, secretAccessKey } = bucket.options;
  const keys = { accessKeyId, secretAccessKey };
  const place = { bucket: bucket.options.bucket, endpoint, region, prefix, forcePathStyle };
  await home.configure({ sinks: { bucket: { type: 's3', ...place, ...keys } } });
  await home.sync();
  sandbox.tabnine.events.insert(eventAt(Date.now() - 60_000, 'later'));
  await home.sync();
  const compared = async (): Promise<Verified> => {
    const { code, stdout } = await home.run(['verify', '--mirror', 'bucket', '--json']);
    return { code, mirror: (JSON.parse(stdout) as VerifyDocument).mirror };
  };
  const copyOnly = async (): Promise<Verified['mirror']> =>
    await verifyMirror(home.context(), 'bucket', () => undefined);
  return { home, bucket, compared, copyOnly };
}

/** Puts another content of the same size there, with what was said of the former one. */
function exchange(bucket: Bucket, key: string): void {
  const there = bucket.objects.get(key);
  if (there === undefined) throw new Error(`there is no ${key}`);
  bucket.put(key, Buffer.alloc(there.body.length, 'x'));
  const { metadata } = there;
  Object.assign(bucket.objects.get(key) ?? {}, { metadata });
}

const faultsOf = (mirror: Verified['mirror']): string[] =>
  (mirror?.faults ?? []).map(({ file, what }) => `auditlake/${file} ${what}`);

const OTHER = 'has other content';

function append(bucket: Bucket, key: string): void {
  bucket.put(key, `${bucket.text(key)}{"a":"line"}\n`);
}

test(
  'a copy is equal to the home, and what was done to it is found',
  { timeout: 120_000 },
  async () => {
    const { home, bucket, compared, copyOnly } = await mirrored();
    const whole = await compared();
    expect(whole).toMatchObject({ code: 0, mirror: { faults: [], behind: false } });
    const keys = [...bucket.objects.keys()].toSorted();
    const [batch = '', gone = ''] = keys.filter((key) => key.endsWith('.gz'));
    const [day = '', noDay = '', cut = ''] = keys.filter((key) => key.endsWith('.parquet'));
    const ledger = keys.find((key) => key.includes('ledger/')) ?? '';
    const manifest = keys.find((key) => key.endsWith('manifest.json')) ?? '';
    const copy = new Map(bucket.objects);
    const restore = (): void => {
      bucket.objects.clear();
      for (const [name, object] of copy) bucket.objects.set(name, object);
    };
    const found = async (): Promise<string[]> => {
      const faults = faultsOf(await copyOnly());
      restore();
      return faults;
    };

    for (const key of [batch, day]) exchange(bucket, key);
    for (const key of [gone, noDay]) bucket.objects.delete(key);
    bucket.put(cut, 'x');
    const { code, mirror } = await compared();
    expect(code).toBe(5);
    restore();
    const faults = faultsOf(mirror);
    const other = [batch, cut, day].map((key) => `${key} ${OTHER}`);
    const missing = [`${gone} is missing, but its line`, `${noDay} is missing, but the manifest`];
    expect(faults).toHaveLength(5);
    expect(faults).toEqual(
      expect.arrayContaining([...other, ...missing].map((text) => expect.stringContaining(text))),
    );
    exchange(bucket, ledger);
    expect(await found()).toEqual([expect.stringContaining(`${ledger} ${OTHER}`)]);
    append(bucket, ledger);
    expect(await found()).toEqual([expect.stringContaining(`${ledger} ${OTHER}`)]);
    bucket.put(ledger, bucket.text(ledger)?.slice(0, -5) ?? '');
    expect(await found()).toEqual([`${ledger} ends in the middle of a line`]);

    // What was never delivered is not lost.
    bucket.put(ledger, `${bucket.text(ledger)?.split('\n').slice(0, 2).join('\n')}\n`);
    expect(await compared()).toMatchObject({
      code: 3,
      mirror: { faults: [], behind: true, seq: 2 },
    });
    bucket.objects.delete(manifest);
    expect(await copyOnly()).toMatchObject({ faults: [], behind: true });
    bucket.objects.clear();
    expect(await copyOnly()).toMatchObject({ faults: [], behind: true, seq: 0 });
    for (const [name, object] of copy) bucket.objects.set(name, object);
    await appendFile(join(home.folder, 'archive', 'notes.txt'), 'x');
    expect(await compared()).toMatchObject({ code: 5, mirror: null });
  },
);

// sinks/s3/servers.test.ts has such servers.
long('where the server computes no checksum, the bytes are compared', async () => {
  const { bucket, copyOnly } = await mirrored({ checksums: 'refuses' });
  expect(await copyOnly()).toMatchObject({ faults: [] });
  const batch = [...bucket.objects.keys()].find((key) => key.endsWith('.gz')) ?? '';
  exchange(bucket, batch);
  expect(faultsOf(await copyOnly())).toEqual([expect.stringContaining(`${batch} ${OTHER}`)]);
});

test('a sink of rows has no copy', async () => {
  const home = await homeFor(await sandboxFor({ events: 5, days: 1 }));
  await home.configure({ sinks: { rows: { type: 'ndjson', path: 'rows.ndjson' } } });
  await home.sync();
  const rows = await home.run(['verify', '--mirror', 'rows']);
  expect(rows).toMatchObject({ code: 2 });
  expect(rows.stderr).toContain('has rows, not the files of the home');
  expect(await home.run(['verify', '--mirror', 'bukket'])).toMatchObject({ code: 2 });
});
