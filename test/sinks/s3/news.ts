import { bucketWith } from './bucket.ts';
import { day, testHome } from '../home.ts';
import { mirror, watch } from './mirrored.ts';

/** A home that was mirrored once and has news of every kind since. */
export async function withNews() {
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
