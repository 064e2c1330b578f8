import { expect, test } from 'vitest';
import { bucketWith } from './bucket.ts';
import { day, testHome } from './home.ts';
import { expectMirrored, mirror, watch } from './mirrored.ts';

/** A home that was mirrored once and has news of every kind since. */
async function withNews() {
  const bucket = await bucketWith();
  const home = await testHome(3);
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two', [day(3)]: 'three' });
  await mirror(home, bucket);
  for (let i = 0; i < 2; i += 1) await home.commit();
  await home.nextMonth();
  await home.commit();
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two again', [day(4)]: 'four' });
  bucket.asked.length = 0;
  const { reached } = home;
  const objects = new Map(bucket.objects);
  /** As it was before the first interrupted run. */
  const reset = (): void => {
    home.reached = reached;
    bucket.objects.clear();
    for (const [key, object] of objects) bucket.objects.set(key, object);
    watch(bucket);
  };
  reset();
  return { bucket, home, reset };
}

/** Stops the run at a request: before it is served, or after it was stored and before anybody was told. */
async function stopAt(
  { bucket, home }: Awaited<ReturnType<typeof withNews>>,
  at: number,
  fate: 'cut' | 'lose-answer',
): Promise<boolean> {
  const stop = new AbortController();
  let number = 0;
  bucket.onRequest = () => {
    number += 1;
    if (number < at) return 'serve';
    stop.abort();
    return fate;
  };
  try {
    await mirror(home, bucket, stop.signal);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ exit: 3 });
    return false;
  } finally {
    bucket.onRequest = () => 'serve';
  }
}

test.each(['cut', 'lose-answer'] as const)(
  'stopped at any request (%s), the next run completes it, and nothing was ever wrong',
  async (fate) => {
    let isComplete = false;
    const one = await withNews();
    for (let at = 1; at < 60 && !isComplete; at += 1) {
      one.reset();
      isComplete = await stopAt(one, at, fate);
      await mirror(one.home, one.bucket);
      expectMirrored(one.home, one.bucket);
    }
    expect(isComplete).toBe(true);
  },
);

test('stopped again and again, and with the lake changed back in between, it ends as the home is', async () => {
  const one = await withNews();
  const news = { [day(1)]: 'one', [day(2)]: 'two again', [day(4)]: 'four' };
  for (let at = 9; at < 24; at += 1) {
    one.reset();
    await one.home.lake(news);
    await stopAt(one, at, 'cut');
    await one.home.lake({ [day(1)]: 'one', [day(2)]: 'two', [day(3)]: 'three' });
    await stopAt(one, 3 + (at % 5), 'cut');
    await mirror(one.home, one.bucket);
    expectMirrored(one.home, one.bucket);
  }
});

test.each(['busy', 'lose-answer'] as const)('every request is %s at first', async (fate) => {
  const { bucket, home } = await withNews();
  const seen = new Set<string>();
  bucket.onRequest = (what) => {
    if (seen.has(what)) return 'serve';
    seen.add(what);
    return fate;
  };
  await mirror(home, bucket);
  expectMirrored(home, bucket);
});

test('a body that is altered on the way is not stored, and is tried again by the next run', async () => {
  const { bucket, home } = await withNews();
  bucket.onRequest = () => 'garble';
  await expect(mirror(home, bucket)).rejects.toMatchObject({ exit: 3, code: 's3-altered' });
  bucket.onRequest = () => 'serve';
  await mirror(home, bucket);
  expectMirrored(home, bucket);
});

test('a store that stays busy ends the run; what it had taken is not sent again', async () => {
  const { bucket, home } = await withNews();
  // The manifest, the journal, two batches (the first alone and twice, as a trial), and then nothing more.
  bucket.onRequest = () => (bucket.asked.length < 7 ? 'serve' : 'busy');
  await expect(mirror(home, bucket)).rejects.toMatchObject({
    exit: 3,
    message: expect.stringContaining('SlowDown'),
  });
  const taken = bucket.asked.slice(0, 7).filter((one) => one.startsWith('PUT'));
  bucket.onRequest = () => 'serve';
  const { asked } = await mirror(home, bucket);
  expectMirrored(home, bucket);
  expect(asked).not.toContain(taken[0]);
});
