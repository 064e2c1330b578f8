import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { openNdjson } from '../../../src/sinks/ndjson/sink.ts';
import { eventRows, deliveryOf, toolsFor } from '../delivery.ts';

/** A reader that takes a portion only when it is told to, and says when one waits. */
function slowReader(): { stream: Writable; take: (error?: Error) => void } {
  let taken: ((error?: Error) => void) | undefined;
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      taken = done;
      stream.emit('waiting');
    },
  });
  return { stream, take: (error) => taken?.(error) };
}

test('a portion is delivered when it has left, and the next is asked for then', async () => {
  const { stream, take } = slowReader();
  const delivery = await deliveryOf(eventRows(1_000));
  const sink = openNdjson('stream', { path: '-', format: 'auditlake' }, stream);
  const done = sink.deliver(delivery, toolsFor());
  await once(stream, 'waiting');
  expect(delivery.counted).toBe(0);
  const second = once(stream, 'waiting');
  take();
  await second;
  expect(delivery.counted).toBe(500);
  take();
  await done;
  expect(delivery.counted).toBe(1_000);
  await sink.close();
});

test('a reader that has gone ends it, to go on another time', async () => {
  const { stream, take } = slowReader();
  const delivery = await deliveryOf(eventRows(1_000));
  const sink = openNdjson('stream', { path: '-', format: 'auditlake' }, stream);
  const done = sink.deliver(delivery, toolsFor());
  await once(stream, 'waiting');
  take(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await expect(done).rejects.toMatchObject({
    exit: 3,
    message: expect.stringContaining('standard output failed: write EPIPE'),
  });
  expect(delivery.counted).toBe(0);
  await expect(sink.check(toolsFor())).rejects.toMatchObject({ exit: 3 });
  await sink.close();
});

test('a reader that stands still does not hold a run that is to stop', async () => {
  const { stream } = slowReader();
  const stop = new AbortController();
  const delivery = await deliveryOf(eventRows(10));
  const sink = openNdjson('stream', { path: '-', format: 'auditlake' }, stream);
  const done = sink.deliver(delivery, toolsFor(stop.signal));
  await once(stream, 'waiting');
  stop.abort();
  await expect(done).rejects.toMatchObject({ code: 'stopped' });
  expect(delivery.counted).toBe(0);
  await sink.close();
});
