import { expect, test } from 'vitest';
import { expectMirrored, mirror } from './mirrored.ts';
import { withNews } from './news.ts';

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
  // The manifest, the journal, two batches, and then nothing more.
  const [first = '', second = ''] = [...home.content.keys()]
    .filter((path) => path.endsWith('.gz') && !bucket.objects.has(`auditlake/${path}`))
    .toSorted();
  bucket.onRequest = (what) =>
    !what.startsWith('PUT') || what.endsWith(first) || what.endsWith(second) ? 'serve' : 'busy';
  await expect(mirror(home, bucket)).rejects.toMatchObject({
    exit: 3,
    message: expect.stringContaining('SlowDown'),
  });
  bucket.onRequest = () => 'serve';
  const { asked } = await mirror(home, bucket);
  expectMirrored(home, bucket);
  expect(asked).not.toContain(`PUT auditlake/${first}`);
});
