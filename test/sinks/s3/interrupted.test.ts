import { expect, test } from 'vitest';
import { placesTried } from '../../long.ts';
import { day } from '../home.ts';
import { expectMirrored, mirror } from './mirrored.ts';
import { withNews } from './news.ts';

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
    for (const at of placesTried(60, 1, 9)) {
      if (isComplete) break;
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
  for (const at of placesTried(24, 0, 7)) {
    if (at < 9) continue;
    one.reset();
    await one.home.lake(news);
    await stopAt(one, at, 'cut');
    await one.home.lake({ [day(1)]: 'one', [day(2)]: 'two', [day(3)]: 'three' });
    await stopAt(one, 3 + (at % 5), 'cut');
    await mirror(one.home, one.bucket);
    expectMirrored(one.home, one.bucket);
  }
});
